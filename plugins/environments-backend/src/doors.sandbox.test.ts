import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  EnvironmentDetail,
  environmentOperations,
  ENVIRONMENTS_CHANNEL,
} from '@highroad/plugin-environments-common';
import { Operation, operationRequest } from '@highroad/plugin-platform-common';
import { describeWithSandbox, TestCluster } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { AddressInfo, connect, createServer, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import plugin from '.';
import { admissionObjects } from './controller/admission';
import { LEASE_NAMESPACE, leaseOf } from './controller/startController';
import { parsePreviewSettings } from './service/PreviewSettings';

jest.setTimeout(180_000);

const answerSchema = z
  .object({
    environment: z.custom<EnvironmentDetail>().optional(),
    items: z
      .array(z.object({ name: z.string().optional() }).passthrough())
      .optional(),
    error: z.object({ message: z.string() }).optional(),
  })
  .passthrough();

/** Leads to a cluster once it is opened; before, nobody answers there. */
class Way {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(to: URL) {
    this.#server = createServer(near => {
      const far = connect(Number(to.port), to.hostname);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
        socket.on('error', () => {
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  /** @returns a port that is free, and closed again */
  async reserve(): Promise<number> {
    const port = await this.open(0);
    await this.close();
    return port;
  }

  async open(port: number): Promise<number> {
    await new Promise<void>(resolve => {
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise(resolve => {
      this.#server.close(resolve);
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

describeWithSandbox(
  'environments by the operations',
  ['cluster', 'simulated-node'],
  sandbox => {
    let backend: TestBackend;
    let cluster: TestCluster;
    let way: Way;
    let port: number;
    let folder: string;
    const name = `door-${randomBytes(4).toString('hex')}`;
    /** Channels of the signals that open pages were sent */
    const told: string[] = [];

    beforeAll(async () => {
      cluster = await sandbox.cluster();
      folder = await mkdtemp(join(tmpdir(), 'highroad-doors-'));
      const server = new URL(cluster.server);
      way = new Way(server);
      port = await way.reserve();
      const kubeconfig = join(folder, 'kubeconfig');
      await writeFile(
        kubeconfig,
        readFileSync(cluster.kubeconfig, 'utf8').replaceAll(
          cluster.server,
          `https://127.0.0.1:${port}`,
        ),
      );
      backend = await startTestBackend({
        features: [
          plugin,
          catalogServiceMock.factory({ entities: [] }),
          createServiceFactory({
            service: signalsServiceRef,
            deps: {},
            factory: () => ({
              publish: async ({ channel }) => {
                told.push(channel);
              },
            }),
          }),
          mockServices.rootConfig.factory({
            data: {
              app: { baseUrl: 'http://localhost:3000' },
              platform: {
                clusters: [{ name: 'test', kubeconfig }],
                environments: [{ name: 'staging', cluster: 'test' }],
                previews: {
                  cluster: 'test',
                  namespace: cluster.namespace,
                  teamNamespaces: false,
                  url: 'http://{service}-{environment}.previews.test',
                  lifetime: { max: '10d' },
                },
              },
            },
          }),
        ],
      });
    });
    afterAll(async () => {
      await backend?.stop();
      await way?.close();
      await rm(folder, { recursive: true });
      const settings = parsePreviewSettings({ namespace: cluster.namespace });
      await cluster.kubectl([
        ...['delete', 'lease', leaseOf(settings), '--ignore-not-found'],
        `--namespace=${LEASE_NAMESPACE}`,
      ]);
      for (const { kind, metadata } of admissionObjects(settings)) {
        await cluster.kubectl([
          ...['delete', kind, metadata.name, '--ignore-not-found'],
        ]);
      }
    });

    const call = async (
      operation: keyof typeof environmentOperations,
      input: Record<string, unknown>,
    ) => {
      const declared: Operation = environmentOperations[operation];
      const { path, init } = operationRequest(declared, input);
      const headers = new Headers(init.headers);
      headers.set('Authorization', mockCredentials.user.header());
      const response = await fetch(
        `http://localhost:${backend.server.port()}/api/environments${path}`,
        { ...init, headers },
      );
      const body = answerSchema.parse(await response.json());
      return { status: response.status, body, said: body.error?.message };
    };
    const manifest = (spec: object = {}, metadata: object = {}) =>
      JSON.stringify({
        apiVersion: 'platform.myorg.com/v1',
        kind: 'Environment',
        metadata: { name, ...metadata },
        spec: {
          ...{ type: 'preview', owner: 'shop', ttl: '2d' },
          services: [{ name: 'api', image: 'myorg/api:1' }],
          ...spec,
        },
      });
    const follow = async (is: (environment: EnvironmentDetail) => boolean) => {
      let after: string | undefined;
      for (const end = Date.now() + 60_000; Date.now() < end; ) {
        const { body } = await call('get', { name, ...(after && { after }) });
        if (body.environment && is(body.environment)) return body.environment;
        after = body.environment?.resourceVersion;
      }
      throw new Error('It did not come to that');
    };

    const untilGone = async (gone: string) => {
      const end = Date.now() + 90_000;
      while ((await call('get', { name: gone })).status !== 404) {
        if (Date.now() > end) throw new Error(`${gone} does not end`);
      }
    };

    it('say what is missing while the cluster does not answer, and light up when it does', async () => {
      const before = await call('list', {});
      expect(before).toMatchObject({
        status: 200,
        body: {
          items: [],
          standing: [{ name: 'staging', production: false, cluster: 'test' }],
          notConnected: expect.stringMatching(/cluster/),
        },
      });
      const refused = await call('create', { manifest: manifest() });
      expect(refused.status).toBe(503);
      await way.open(port);
      const end = Date.now() + 60_000;
      while ((await call('list', {})).body.notConnected !== undefined) {
        if (Date.now() > end) throw new Error('It stays dark');
      }
    });

    it('make one, follow it until it is ready, change it in place, and end it', async () => {
      const created = await call('create', { manifest: manifest() });
      expect(created.body).toMatchObject({
        outcome: 'created',
        environment: { name, owner: 'group:default/shop' },
      });
      const ready = await follow(({ phase }) => phase === 'ready');
      expect(ready.url).toBe(`http://api-${name}.previews.test`);

      expect(
        (await call('create', { manifest: manifest() })).body.outcome,
      ).toBe('unchanged');
      const services = [{ name: 'api', image: 'myorg/api:2' }];
      const changed = await call('create', {
        manifest: manifest({ services }),
      });
      expect(changed.body.outcome).toBe('changed');
      await follow(
        ({ phase, status }) =>
          phase === 'ready' && status.services[0].image === 'myorg/api:2',
      );

      const { body } = await call('list', { service: 'api' });
      expect(body.items?.map(one => one.name)).toEqual([name]);
      const events = await call('events', { name });
      expect(events.body.items?.map(one => one.about)).toContain(
        'Deployment api',
      );
    });

    it('tell open pages what changes by whatever door, so that these need not ask', async () => {
      told.length = 0;
      const resource = `environments.platform.myorg.com/${name}`;
      await cluster.kubectl([
        ...['annotate', resource, 'somebody.example/note=seen'],
        `--namespace=${cluster.namespace}`,
      ]);
      const end = Date.now() + 10_000;
      while (!told.includes(ENVIRONMENTS_CHANNEL)) {
        if (Date.now() > end) throw new Error('They are told of nothing');
        await sleep(50);
      }
      expect(told).toContain(ENVIRONMENTS_CHANNEL);
    });

    it('list them by the repository of a pull request', async () => {
      const repository = ['https://git.test/acme/cart'];
      const { status, body } = await call('list', { repository });
      expect({ status, items: body.items }).toEqual({ status: 200, items: [] });
    });

    it('list them a part at a time, and by how they stand', async () => {
      const other = `${name}-p`;
      await call('create', { manifest: manifest({}, { name: other }) });
      const names = (answer: Awaited<ReturnType<typeof call>>) =>
        answer.body.items?.map(one => one.name);
      const first = await call('list', { limit: 1 });
      expect(names(first)).toHaveLength(1);
      const before = z.string().parse(first.body.next);
      const second = await call('list', { limit: 1, before });
      expect(second.body.next).toBeUndefined();
      expect(
        [...(names(first) ?? []), ...(names(second) ?? [])].sort(),
      ).toEqual([name, other].sort());
      expect(names(await call('list', { phase: ['refused'] }))).toEqual([]);
      await call('delete', { name: other });
      await untilGone(other);
    });

    it('extend it as far as it may stay, and no further', async () => {
      const extended = await call('extend', { name, by: '3d' });
      const days =
        (Date.parse(extended.body.environment?.expiresAt ?? '') - Date.now()) /
        86_400_000;
      expect(days).toBeCloseTo(5, 1);
      const tooMuch = await call('extend', { name, by: '6d' });
      expect(tooMuch).toMatchObject({
        status: 400,
        said: expect.stringMatching(/can stay until .* at most/),
      });
      const kept = await call('keep', { name });
      expect(kept.body.environment?.kept).toBe(true);
      expect((await call('extend', { name, by: '1d' })).said).toMatch(
        /is kept/,
      );
      await call('keep', { name, keep: false });
    });

    it.each([
      ['a wrong field', { ttl: 'soon' }, {}, /spec.ttl: use a whole number/],
      [
        'a pull request',
        {
          pullRequest: {
            ...{ host: 'g', repository: 'a/b', number: 1, branch: 'x' },
            commit: 'a'.repeat(40),
          },
        },
        {},
        /the platform fills this in/,
      ],
      [
        'a mark of the platform',
        {},
        { annotations: { 'platform.myorg.com/extended-until': '2099-01-01' } },
        /only the platform sets this/,
      ],
      ['another namespace', {}, { namespace: 'default' }, /kubectl/],
    ])('refuse %s in words', async (_what, spec, metadata, message) => {
      const { status, said } = await call('create', {
        manifest: manifest(spec, metadata),
      });
      expect([status, said]).toEqual([400, expect.stringMatching(message)]);
    });

    it('let no team take the environment of another by its name', async () => {
      const { status, said } = await call('create', {
        manifest: manifest({ owner: 'bank' }),
      });
      expect([status, said]).toEqual([
        409,
        expect.stringMatching(/belongs to group:default\/shop/),
      ]);
    });

    it('give a name that two teams ask for at once to one of them', async () => {
      const both = `${name}-both`;
      const teams = ['shop', 'bank', 'shop', 'bank', 'shop', 'bank'];
      const answers = await Promise.all(
        teams.map(owner =>
          call('create', { manifest: manifest({ owner }, { name: both }) }),
        ),
      );
      const { body } = await call('get', { name: both });
      const winner = body.environment?.owner ?? '';
      expect(['group:default/shop', 'group:default/bank']).toContain(winner);
      expect(answers.map(({ status }) => status)).toEqual(
        teams.map(team => (winner.endsWith(team) ? 200 : 409)),
      );
      const refused = answers.filter(({ status }) => status === 409);
      expect(refused.map(({ said }) => said)).toEqual(
        refused.map(() => expect.stringContaining(`belongs to ${winner}`)),
      );
      await call('delete', { name: both });
      await untilGone(both);
    });

    it('name what goes with it when it is ended, and near names of one that is not there', async () => {
      const ended = await call('delete', { name });
      expect(ended.body).toEqual({ namespace: `env-${name}`, databases: [] });
      await untilGone(name);
      expect((await call('get', { name: 'none' })).said).toMatch(
        /There is no environment "none"/,
      );
    });
  },
);
