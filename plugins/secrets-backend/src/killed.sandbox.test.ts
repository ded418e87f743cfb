import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { killEverywhere, Trial } from './__testUtils__/killEverywhere';
import { Around, MortalPlace } from './__testUtils__/MortalPlace';
import { PortalProcess } from './__testUtils__/PortalProcess';
import { until } from './__testUtils__/SandboxWorld';

jest.setTimeout(60 * 60_000);

const VALUE_WRITTEN = /^(POST|PUT) .*\/data\/staging\//;
const set =
  (...values: string[]) =>
  async (portal: PortalProcess, { at }: MortalPlace) => {
    for (const value of values) await portal.call('set', { ...at, value });
  };

describeWithSandbox(
  'a backend that is killed at any call',
  ['cluster', 'vault', 'postgres'],
  sandbox => {
    let around: Around;
    const places: MortalPlace[] = [];
    const roles: string[] = [];

    const asAdmin = async (...statements: string[]) => {
      const client = new Client({ connectionString: around.postgresUrl });
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
    };
    const logsIn = async (address: string | undefined) => {
      const client = new Client({ connectionString: address });
      await client.connect();
      const { rows } = await client.query('SELECT 1 AS one');
      await client.end();
      return rows;
    };

    beforeAll(async () => {
      around = {
        cluster: await sandbox.cluster(),
        newVault: () => sandbox.vault(),
        folder: await mkdtemp(join(tmpdir(), 'highroad-killed-')),
        postgresUrl: sandbox.connection.postgres.url,
      };
    });
    afterAll(async () => {
      for (const { portals } of places) {
        for (const portal of portals) await portal.kill();
      }
      if (places.length > 0) {
        await around.cluster.kubectl([
          ...['delete', 'namespace', ...places.map(one => one.namespace)],
          ...['--wait=false', '--ignore-not-found'],
        ]);
      }
      for (const name of roles) {
        await asAdmin(
          `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`,
          ...[`${name}_a`, `${name}_b`, name].map(
            role => `DROP ROLE IF EXISTS "${role}"`,
          ),
        );
      }
      await rm(around.folder, { recursive: true, force: true });
    });

    const sweep = async (trial: Trial) => {
      const where = await killEverywhere(around, trial, place =>
        places.push(place),
      );
      expect(where.filter(one => one.includes('undefined'))).toEqual([]);
    };

    it('while it sets a value leaves it written once, with one restart of its programs', () =>
      sweep({
        ...{ event: 'set', effect: VALUE_WRITTEN },
        prepare: set('first'),
        change: set('second'),
        check({ value, versions, restarts }) {
          expect({ value, versions, restarts }).toEqual({
            ...{ value: 'second', versions: 2, restarts: 1 },
          });
        },
      }));

    it('while it imports several leaves each written once', () =>
      sweep({
        ...{ event: 'import', effect: VALUE_WRITTEN },
        prepare: set('first'),
        change: (portal, { at: { service, environment } }) =>
          portal.call('importAll', {
            ...{ service, environment },
            entries: [
              { key: 'URL', value: 'second' },
              { key: 'OTHER', value: 'new' },
            ],
          }),
        async check({ place, value, versions, restarts }) {
          expect({ value, versions }).toEqual({ value: 'second', versions: 2 });
          await until(async () => (await place.held('OTHER')) === 'new');
          expect(await place.versions('OTHER')).toBe(1);
          // One of them may have been brought before the other was written.
          expect(restarts).toBeGreaterThanOrEqual(1);
          expect(restarts).toBeLessThanOrEqual(2);
        },
      }));

    it('while it restores an earlier value leaves it written once more, and what came between kept', () =>
      sweep({
        ...{ event: 'restore', effect: VALUE_WRITTEN },
        prepare: set('first', 'second'),
        change: (portal, { at }) =>
          portal.call('restore', { ...at, version: 1 }),
        async check({ place, next, value, versions, restarts }) {
          expect({ value, versions, restarts }).toEqual({
            ...{ value: 'first', versions: 3, restarts: 1 },
          });
          const { value: between } = await next.call('reveal', {
            ...{ ...place.at, version: 2, reason: 'for the test' },
          });
          expect(between).toBe('second');
        },
      }));

    it('while it deletes leaves nothing of it in the cluster, and all to be put back', () =>
      sweep({
        event: 'delete',
        effect: /^DELETE .*\/data\/staging\//,
        prepare: set('first'),
        change: (portal, { at }) => portal.call('delete', at),
        doneAlready: /is deleted already/,
        async check({ place, next, value, versions, restarts }) {
          expect({ value, versions, restarts }).toEqual({
            ...{ value: undefined, versions: 1, restarts: 1 },
          });
          await next.call('undelete', place.at);
          await until(async () => (await place.held()) === 'first');
        },
      }));

    it('while it undeletes leaves the value where it was', () =>
      sweep({
        event: 'undelete',
        effect: /^(POST|PUT) .*\/undelete\/staging\//,
        async prepare(portal, { at }) {
          await portal.call('set', { ...at, value: 'first' });
          await portal.call('delete', at);
        },
        change: (portal, { at }) => portal.call('undelete', at),
        doneAlready: /is not deleted/,
        check({ value, versions, restarts }) {
          expect({ value, versions, restarts }).toEqual({
            ...{ value: 'first', versions: 1, restarts: 1 },
          });
        },
      }));

    it('while it replaces a value by one that nobody knows leaves that in Vault and in the cluster', () =>
      sweep({
        ...{ event: 'rotate', effect: VALUE_WRITTEN },
        async prepare(portal, { at }) {
          await portal.call('set', { ...at, value: 'first' });
          await portal.call('setRotation', { ...at, everyDays: 30 });
        },
        change: (portal, { at }) => portal.call('rotate', at),
        check({ value, versions }) {
          expect(value).not.toBe('first');
          // What was written and finished may be replaced once more; it is never written twice.
          expect(versions).toBeGreaterThanOrEqual(2);
          expect(versions).toBeLessThanOrEqual(3);
        },
      }));

    it('while it replaces credentials of PostgreSQL leaves such as log in, and locks nobody out', () => {
      const firsts = new Map<string, string>();
      return sweep({
        ...{ event: 'rotate', effect: VALUE_WRITTEN },
        async prepare(portal, { at, name }) {
          const role = `killed_${randomBytes(4).toString('hex')}`;
          roles.push(role);
          await asAdmin(
            `CREATE ROLE "${role}" LOGIN PASSWORD 'first'`,
            `CREATE DATABASE "${role}" OWNER "${role}"`,
            `COMMENT ON ROLE "${role}" IS 'highroad environment staging ${at.service}'`,
          );
          const address = new URL(around.postgresUrl ?? '');
          address.username = role;
          address.password = 'first';
          address.pathname = `/${role}`;
          firsts.set(name, address.toString());
          await portal.call('set', { ...at, value: address.toString() });
          await portal.call('setRotation', {
            ...{ ...at, everyDays: 30, generator: 'postgres' },
          });
        },
        change: (portal, { at }) => portal.call('rotate', at),
        doneAlready: /was replaced a short while ago/,
        async check({ place, value, versions }) {
          expect(versions).toBe(2);
          expect(new URL(value ?? '').username).toMatch(/_a$/);
          expect(await logsIn(await place.held())).toEqual([{ one: 1 }]);
          // Programs that were not replaced yet go on.
          expect(await logsIn(firsts.get(place.name))).toEqual([{ one: 1 }]);
        },
      });
    });

    it('while it brings what was written straight to Vault leaves it in the cluster, with one restart', () => {
      const written = new Set<MortalPlace>();
      return sweep({
        ...{ event: 'sync', looks: true },
        effect: /^PATCH .*\/secrets\//,
        prepare: set('first'),
        async change(portal, place) {
          if (!written.has(place)) await place.writeToVault('second');
          written.add(place);
          await until(async () => {
            if (portal.isDead) throw new Error('It is dead.');
            return (await place.held()) === 'second';
          });
          await until(async () => {
            const { sync } = await portal.call('get', place.at);
            return !sync.restartAt;
          });
        },
        check({ value, versions, restarts }) {
          expect({ value, versions, restarts }).toEqual({
            ...{ value: 'second', versions: 2, restarts: 1 },
          });
        },
      });
    });
  },
);
