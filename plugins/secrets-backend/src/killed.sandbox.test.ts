import {
  describeWithSandbox,
  Moment,
  TestCluster,
  TestVault,
} from '@highroad/sandbox/testing';
import createKnex from 'knex';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortalProcess } from './__testUtils__/PortalProcess';
import { until } from './__testUtils__/SandboxWorld';

/**
 * At every so many calls it is killed; `HIGHROAD_KILL_EVERY=1` for all of them. Where it begins is drawn by chance, so
 * that over time all are met.
 */
const EVERY = Number(process.env.HIGHROAD_KILL_EVERY ?? 20);
const MOMENTS: Moment[] = ['before', 'after'];
const PAST = '2020-01-01T00:00:00.000Z';

jest.setTimeout(60 * 60_000);

describeWithSandbox(
  'a backend that is killed at any call while it changes a secret',
  ['cluster', 'vault'],
  sandbox => {
    let cluster: TestCluster;
    let vault: TestVault;
    let folder: string;
    const namespaces: string[] = [];
    const portals: PortalProcess[] = [];

    beforeAll(async () => {
      cluster = await sandbox.cluster();
      vault = await sandbox.vault();
      folder = await mkdtemp(join(tmpdir(), 'highroad-killed-'));
    });
    afterAll(async () => {
      for (const portal of portals) await portal.kill();
      await cluster?.kubectl([
        ...['delete', 'namespace', ...namespaces],
        ...['--wait=false', '--ignore-not-found'],
      ]);
      await rm(folder, { recursive: true, force: true });
    });

    /** A service that runs, with a database of the portal's own. */
    const newPlace = async () => {
      const name = `killed-${randomBytes(4).toString('hex')}`;
      const namespace = `${name}-staging`;
      const service = `component:default/${name}`;
      const home = await mkdtemp(join(folder, 'home-'));
      const records = join(home, 'records.jsonl');
      namespaces.push(namespace);
      const kubectl = (args: string[], input?: string) =>
        cluster.kubectl([`--namespace=${namespace}`, ...args], input);
      const labels = { app: name };
      for (const object of [
        {
          ...{ apiVersion: 'v1', kind: 'Namespace' },
          metadata: {
            name: namespace,
            annotations: {
              'platform.myorg.com/service': service,
              'platform.myorg.com/environment': 'staging',
            },
          },
        },
        {
          ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
          metadata: { name, namespace },
          spec: {
            selector: { matchLabels: labels },
            template: {
              metadata: { labels },
              spec: {
                containers: [
                  {
                    ...{ name: 'app', image: '127.0.0.1:1/none' },
                    envFrom: [{ secretRef: { name, optional: true } }],
                  },
                ],
              },
            },
          },
        },
      ]) {
        await kubectl(['apply', '-f', '-'], JSON.stringify(object));
      }
      const config = {
        app: { baseUrl: 'http://localhost:3000' },
        backend: {
          baseUrl: 'http://localhost:0',
          listen: { host: '127.0.0.1', port: 0 },
          database: {
            client: 'better-sqlite3',
            connection: { directory: home },
          },
        },
        platform: {
          vault: {
            url: vault.address,
            mount: vault.mount,
            auth: {
              write: { ...vault.appRoles.write },
              reveal: { ...vault.appRoles.reveal },
              sync: { ...vault.appRoles.sync },
            },
          },
          secrets: { pollSeconds: 1, restartWindowSeconds: 0 },
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          environments: [{ name: 'staging', cluster: 'test' }],
        },
      };
      return {
        at: { service, environment: 'staging', key: 'URL' },
        async start() {
          const portal = new PortalProcess();
          portals.push(portal);
          await portal.begin({ config, records, service: name });
          return portal;
        },
        /** As if so much time had passed that whoever died holds nothing any more. */
        async letLeasesEnd() {
          const knex = createKnex({
            client: 'better-sqlite3',
            connection: { filename: join(home, 'secrets.sqlite') },
            useNullAsDefault: true,
          });
          await knex('syncs')
            .whereNotNull('lease_until')
            .update({ lease_until: PAST });
          await knex('rotations')
            .whereNotNull('held_until')
            .update({ held_until: PAST });
          await knex.destroy();
        },
        records: async () => readFile(records, 'utf8'),
        async held() {
          const text = await kubectl([
            ...['get', 'secret', name, '--ignore-not-found'],
            ...['-o', 'jsonpath={.data.URL}'],
          ]);
          return Buffer.from(text, 'base64').toString();
        },
        /** How often its pods were given another template, after the first. */
        async restarts() {
          const text = await kubectl([
            ...['get', 'deployment', name],
            ...['-o', 'jsonpath={.metadata.generation}'],
          ]);
          return Number(text) - 1;
        },
      };
    };

    /** @returns where it was killed, each time; until one goes by at which nothing is left to die at */
    const killEverywhere = async (
      change: (
        portal: PortalProcess,
        at: { service: string; environment: string; key: string },
      ) => Promise<unknown>,
      check: (outcome: {
        value: string;
        version: number;
        restarts: number;
      }) => void,
    ): Promise<string[]> => {
      const where: string[] = [];
      for (let number = Math.floor(Math.random() * EVERY); ; number += EVERY) {
        const die = {
          at: Math.floor(number / 2) + 1,
          moment: MOMENTS[number % 2],
        };
        const place = await newPlace();
        const doomed = await place.start();
        await doomed.call('set', { ...place.at, value: 'first' });
        await until(async () => (await place.restarts()) === 1);
        await doomed.dieAt(die);
        await change(doomed, place.at).catch(() => undefined);
        const died = doomed.isDead || doomed.calls.length >= die.at;
        if (died) await doomed.dead;
        const last = `${die.moment} ${doomed.calls.at(-1)}`;
        await doomed.kill();
        await place.letLeasesEnd();
        const next = await place.start();
        try {
          const reveal = () =>
            next.call('reveal', { ...place.at, reason: 'for the test' });
          await until(
            async () => (await place.held()) === (await reveal()).value,
          );
          // Whatever became of it, the same once more goes through.
          await change(next, place.at);
          const { value, version } = await reveal();
          await until(async () => (await place.held()) === value);
          await until(
            async () => !(await next.call('get', place.at)).sync.restartAt,
          );
          check({ value, version, restarts: await place.restarts() });
          expect(await place.records()).toContain('"sync"');
        } catch (error) {
          throw new Error(`Killed ${last} (call ${die.at}): ${error}`);
        }
        await next.kill();
        if (!died) return where;
        where.push(last);
      }
    };

    it('has a value that is set in Vault and in the cluster, with one restart of its programs', async () => {
      const where = await killEverywhere(
        (portal, at) => portal.call('set', { ...at, value: 'second' }),
        ({ value, version, restarts }) => {
          expect(value).toBe('second');
          // Killed before it knew, it writes the same value once more; nobody is restarted for that.
          expect(version).toBeLessThanOrEqual(3);
          expect(restarts).toBe(2);
        },
      );
      // Controls that there was something to be killed at.
      expect(where.length).toBeGreaterThanOrEqual(Math.floor(40 / EVERY) - 1);
      expect(where.filter(one => one.includes('undefined'))).toEqual([]);
    });

    it('has a value that is replaced, which nobody knows, in Vault and in the cluster', async () => {
      const where = await killEverywhere(
        async (portal, at) => {
          await portal.call('setRotation', { ...at, everyDays: 30 });
          await portal.call('rotate', at);
        },
        ({ value, version }) => {
          expect(value).not.toBe('first');
          expect(version).toBeLessThanOrEqual(3);
        },
      );
      expect(where.length).toBeGreaterThanOrEqual(Math.floor(40 / EVERY) - 1);
    });
  },
);
