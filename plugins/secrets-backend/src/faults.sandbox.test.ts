import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Portal } from './__testUtils__/Portal';
import { until } from './__testUtils__/SandboxWorld';
import { ServerProxy } from './__testUtils__/ServerProxy';

jest.setTimeout(180_000);

const policySchema = z.object({ data: z.object({ policy: z.string() }) });
const rulesSchema = z
  .string()
  .transform(text => JSON.parse(text))
  .pipe(z.object({ path: z.record(z.unknown()) }));
const logSchema = z.object({
  request: z.object({
    operation: z.string(),
    path: z.string(),
    headers: z.record(z.array(z.string())).nullish(),
  }),
  error: z.string().optional(),
});
const metadataSchema = z.object({
  data: z.object({ current_version: z.number() }),
});

describeWithSandbox(
  'secrets, while what they need is not well',
  ['cluster', 'vault'],
  sandbox => {
    const name = `fault-${randomBytes(3).toString('hex')}`;
    const service = `component:default/${name}`;
    const namespace = `${name}-staging`;
    const at = { service, environment: 'staging', key: 'URL' };
    const path = `staging/${name}/URL`;
    let vault: OwnVault;
    let proxy: ServerProxy;
    let clusterProxy: ServerProxy;
    let folder: string;
    let cluster: TestCluster;
    let portal: Portal;
    let turn = 0;

    const calls = {
      set: () => {
        turn += 1;
        return portal.call('set', { ...at, value: `value-${turn}` });
      },
      list: () => portal.call('list', { service }),
      reveal: () => portal.call('reveal', { ...at, reason: 'for the test' }),
      delete: () => portal.call('delete', at),
    };
    beforeAll(async () => {
      vault = await sandbox.ownVault();
      proxy = await ServerProxy.start(vault.address);
      cluster = await sandbox.cluster();
      clusterProxy = await ServerProxy.start(cluster.server);
      folder = await mkdtemp(join(tmpdir(), 'highroad-faults-'));
      const kubeconfig = join(folder, 'kubeconfig');
      const through = `https://127.0.0.1:${clusterProxy.port}`;
      const direct = await readFile(cluster.kubeconfig, 'utf8');
      await writeFile(kubeconfig, direct.replaceAll(cluster.server, through));
      await cluster.kubectl(
        ['apply', '-f', '-'],
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: {
            name: namespace,
            annotations: {
              'platform.myorg.com/service': service,
              'platform.myorg.com/environment': 'staging',
            },
          },
        }),
      );
      portal = await Portal.start(
        {
          vault: {
            url: proxy.address,
            mount: vault.mount,
            timeoutSeconds: 2,
            auth: vault.appRoles,
          },
          secrets: { pollSeconds: 0.3 },
          clusters: [{ name: 'test', kubeconfig }],
          environments: [{ name: 'staging', cluster: 'test' }],
        },
        [service],
      );
      // A Vault that has just begun may take longer than that at first.
      await until(async () => (await calls.set()).status === 200);
    });
    afterAll(async () => {
      await portal?.stop();
      await proxy?.stop();
      await clusterProxy?.stop();
      await rm(folder, { recursive: true, force: true });
      await cluster?.kubectl([
        ...['delete', 'namespace', namespace],
        ...['--wait=false', '--ignore-not-found'],
      ]);
    });

    const version = async () =>
      metadataSchema.parse(
        await vault.request('GET', `${vault.mount}/metadata/${path}`),
      ).data.current_version;
    const held = async () =>
      Buffer.from(
        await cluster.kubectl([
          ...['get', 'secret', name, `--namespace=${namespace}`],
          ...['-o', 'jsonpath={.data.URL}'],
        ]),
        'base64',
      ).toString();
    /** Each call is refused in such words, and changes nothing. */
    const refused = async (
      words: RegExp,
      names: Array<keyof typeof calls> = ['set', 'list', 'reveal', 'delete'],
    ) => {
      for (const one of names) {
        const { status, body } = await calls[one]();
        expect([one, status, body.error?.message]).toEqual([
          ...[one, 503],
          expect.stringMatching(words),
        ]);
      }
    };
    /** The same calls work, and what is set reaches the cluster. */
    const served = async () => {
      for (const one of ['list', 'reveal', 'set'] as const) {
        const { status, text } = await calls[one]();
        expect([one, status, text]).toEqual([one, 200, text]);
      }
      await until(async () => (await held()) === `value-${turn}`);
    };

    it('say that it is gone, then that it is sealed, and go on by themselves once it is neither', async () => {
      const [before, inCluster] = [await version(), await held()];
      await vault.kill();
      await refused(
        /does not answer \(\w+\).*docs\/runbooks\/vault-does-not-answer\.md/,
      );
      await vault.revive();
      await refused(/is sealed.*Unseal it.*docs\/runbooks\/vault-sealed\.md/);
      expect((await portal.call('status', {})).body).toMatchObject({
        state: 'sealed',
        fix: expect.stringContaining('Unseal'),
      });
      // Programs keep what they have.
      expect(await held()).toBe(inCluster);
      await vault.unseal();
      expect(await version()).toBe(before);
      await served();
    });

    it('say that it is too slow, and what to do where nobody knows whether it was done', async () => {
      proxy.delayMs = 2_500;
      await refused(/Vault .*\(ECONNABORTED\).*vault-does-not-answer/);
      proxy.delayMs = 0;
      await served();

      const before = await version();
      proxy.loses = asked => asked.startsWith(`POST /v1/secret/data/${path}`);
      await refused(/may have been done all the same: look, then do it again/, [
        'set',
      ]);
      proxy.loses = undefined;
      expect(await version()).toBe(before + 1);
      // It was, so the cluster gets it, without anybody asking again.
      await until(async () => (await held()) === `value-${turn}`);
      await served();
    });

    it('say what was done where only the fingerprint could not be kept', async () => {
      proxy.loses = asked =>
        asked.startsWith(`POST /v1/secret/metadata/${path}`);
      await refused(/Before that, this was done: URL in staging/, ['set']);
      expect(await held()).toBe(`value-${turn}`);
      proxy.loses = undefined;
      await served();
    });

    it('renew tokens before they end, and sign in anew where they cannot be renewed', async () => {
      for (const role of ['write', 'reveal', 'sync']) {
        await vault.request('POST', `auth/approle/role/own-${role}`, {
          token_policies: [`own-${role}`],
          ...{ token_ttl: '2s', token_max_ttl: '5s' },
        });
      }
      const signIns = () => proxy.count(/auth\/approle\/login/);
      const renewals = () => proxy.count(/auth\/token\/renew-self/);
      const [first, then] = [signIns(), renewals()];
      await vault.request('PUT', 'sys/leases/revoke-prefix/auth/approle', {});
      // Tokens of before are refused; others come by themselves.
      await served();
      expect(signIns()).toBeGreaterThan(first);
      await until(async () => {
        await served();
        return renewals() > then && signIns() > first + 6;
      }, 60_000);
    });

    it('name the role that may not sign in any more', async () => {
      const { secretId } = vault.appRoles.reveal;
      const role = 'auth/approle/role/own-reveal';
      await vault.request('POST', `${role}/secret-id/destroy`, {
        secret_id: secretId,
      });
      await vault.request('PUT', 'sys/leases/revoke-prefix/auth/approle', {});
      await refused(
        /sign in by approle: invalid (role or )?secret.*platform\.vault\.auth\.reveal.*vault-permission-denied/,
        ['reveal'],
      );
      await vault.request('POST', `${role}/custom-secret-id`, {
        secret_id: secretId,
      });
      expect((await calls.reveal()).status).toBe(200);
    });

    it.each([
      ['write', 'set', /create and update on secret\/data\/staging/],
      ['write', 'delete', /create and update on secret\/delete\/staging/],
      ['reveal', 'reveal', /read on secret\/data\/staging/],
      ['sync', 'list', /list on secret\/metadata\/staging/],
    ] as const)(
      'name what %s lacks where it may not %s, and do it when it may',
      async (role, call, words) => {
        const before = await version();
        const policyPath = `sys/policies/acl/own-${role}`;
        const { data } = policySchema.parse(
          await vault.request('GET', policyPath),
        );
        const keeps =
          role === 'write'
            ? // What is looked at first goes on working.
              { 'secret/data/_highroad/*': { capabilities: ['read'] } }
            : {};
        await vault.request('PUT', policyPath, {
          policy: JSON.stringify({ path: keeps }),
        });
        await refused(
          new RegExp(
            `platform\\.vault\\.auth\\.${role} needs ${words.source}.*vault-permission-denied`,
          ),
          [call],
        );
        expect(await version()).toBe(before);
        await vault.request('PUT', policyPath, { policy: data.policy });
        await served();
      },
    );

    it('say which key they cannot see where Vault refuses one path, and all of the others', async () => {
      const other = { ...at, key: 'TOKEN' };
      await portal.call('set', { ...other, value: 'another' });
      await served();
      const policyPaths = ['sync', 'reveal'].map(
        role => `sys/policies/acl/own-${role}`,
      );
      const policies = await Promise.all(
        policyPaths.map(async one =>
          policySchema.parse(await vault.request('GET', one)),
        ),
      );
      const denied = Object.fromEntries(
        ['metadata', 'data'].map(below => [
          ...[`secret/${below}/${path}`, { capabilities: ['deny'] }],
        ]),
      );
      for (const [index, { data }] of policies.entries()) {
        await vault.request('PUT', policyPaths[index], {
          policy: JSON.stringify({
            path: { ...rulesSchema.parse(data.policy).path, ...denied },
          }),
        });
      }
      const { status, body } = await calls.list();
      expect([
        status,
        body.items.map((one: { key: string }) => one.key),
      ]).toEqual([200, ['TOKEN']]);
      expect(body.unseen).toEqual([
        {
          ...{ environment: 'staging', key: 'URL' },
          why: expect.stringMatching(
            /^Vault refused the platform to look at .*platform\.vault\.auth\.sync needs read on secret\/metadata\/.*vault-permission-denied/,
          ),
        },
      ]);
      const run = await portal.call('run', { service, environment: 'staging' });
      expect([run.status, run.body]).toMatchObject([
        200,
        {
          items: [{ key: 'TOKEN', value: 'another' }],
          leftOut: [
            {
              key: 'URL',
              why: expect.stringMatching(/auth\.reveal needs read on/),
            },
          ],
        },
      ]);
      for (const [index, { data }] of policies.entries()) {
        await vault.request('PUT', policyPaths[index], data);
      }
      await served();
      await portal.call('delete', other);
    });

    it('are found in Vault’s own log by the id that their record has, also where Vault refuses', async () => {
      const log = join(folder, 'audit.log');
      await vault.request('PUT', 'sys/audit/test', {
        ...{ type: 'file', options: { file_path: log } },
      });
      const logged = async (id: string) =>
        (await readFile(log, 'utf8'))
          .trim()
          .split('\n')
          .map(line => logSchema.parse(JSON.parse(line)))
          .filter(({ request }) =>
            request.headers?.['x-correlation-id']?.includes(id),
          )
          .map(({ error, request }) =>
            [request.operation, request.path, error].join(' ').trim(),
          );
      const idsOf = async (event: string) =>
        (await portal.intents(event)).map(({ correlation }) => correlation!);
      const idOf = async (event: string) => (await idsOf(event)).at(-1)!;
      const data = `secret/data/${path}`;
      await served();
      expect(await logged(await idOf('set'))).toContain(`update ${data}`);
      expect(await logged(await idOf('reveal'))).toContain(`read ${data}`);
      // What brings it to the cluster belongs to it, unless what looks by itself was there before.
      await until(async () => {
        expect((await calls.set()).status).toBe(200);
        return (await idsOf('sync')).includes(await idOf('set'));
      });
      await calls.delete();
      expect(await logged(await idOf('delete'))).toContain(
        `update secret/delete/${path}`,
      );
      await portal.call('undelete', at);
      expect(await logged(await idOf('undelete'))).toContain(
        `update secret/undelete/${path}`,
      );

      const policyPath = 'sys/policies/acl/own-reveal';
      const { data: before } = policySchema.parse(
        await vault.request('GET', policyPath),
      );
      await vault.request('DELETE', policyPath);
      await refused(/permission denied/, ['reveal']);
      expect((await logged(await idOf('reveal'))).join('\n')).toContain(
        'permission denied',
      );
      await vault.request('PUT', policyPath, { policy: before.policy });
      await vault.request('DELETE', 'sys/audit/test');
    });

    it('are kept in Vault while the API server is gone, shown as behind with the reason, and brought when it is back', async () => {
      const standing = async () => {
        const { body } = await calls.list();
        const item = body.items.find(
          (one: { key: string }) => one.key === at.key,
        );
        return { ...body.sync[0], ...{ item: item.sync } };
      };
      const inCluster = await held();
      clusterProxy.goDown();
      const { status, body } = await calls.set();
      expect([status, body.changes[0].outcome]).toEqual([200, 'set']);
      expect(body.sync).toMatchObject([{ state: 'behind' }]);
      expect(body.sync[0].message).toMatch(/cluster does not answer/i);
      expect(await standing()).toMatchObject({
        ...{ state: 'behind', item: 'behind' },
      });
      expect(await held()).toBe(inCluster);
      clusterProxy.comeUp();
      await until(async () => (await held()) === `value-${turn}`, 60_000);
      await until(async () => (await standing()).state === 'synced');
    });
  },
);
