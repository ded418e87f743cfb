import {
  mockCredentials,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  deploymentOperations,
  ObjectChange,
} from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import {
  ANNA,
  CART,
  FakeCluster,
  migrate,
  STAGING,
  world,
} from '../__testUtils__/world';
import { ManifestStore } from '../database/ManifestStore';
import { statusImplementation } from '../statusImplementation';
import { KeptManifests } from '../service/KeptManifests';
import { Comparer } from './ClusterComparer';
import { DriftStore } from './DriftStore';
import { DriftWatcher } from './DriftWatcher';
import { withDrift } from './withDrift';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const scaled: ObjectChange = {
  object: 'Deployment cart',
  change: 'changed',
  fields: [{ path: 'spec.replicas', before: '2', after: '5' }],
};

/** As it is asked by somebody who may see all. */
const call = (input: object) => ({
  input: deploymentOperations.status.input.parse(input),
  credentials: mockCredentials.user(),
  actor: { kind: 'user', ref: ANNA.requestedBy } as const,
  door: 'portal' as const,
  correlation: 'test-0001',
  signal: new AbortController().signal,
  decision: { result: AuthorizeResult.ALLOW } as const,
  visible: async () => undefined,
  note: () => {},
});

describe.each(databases.eachSupportedId())(
  'what was changed by hand, on %s',
  databaseId => {
    let db: Knex;
    let now: Date;
    const stops: Array<() => Promise<void>> = [];

    beforeEach(async () => {
      db = await databases.init(databaseId);
      await migrate(db);
      now = new Date();
    });
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop();
      await db.destroy();
    });

    /** A cart that was deployed to staging, and one that looks after it. */
    const start = async (comparer: Comparer) => {
      const cluster = new FakeCluster();
      const made = world(db, { cluster });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, {
        supersede: false,
      });
      await made.ended(id);
      const store = new DriftStore(db, { newId: () => uuidv7() });
      const onChange = jest.fn();
      const newWatcher = () =>
        new DriftWatcher({
          comparer,
          environments: made.environments,
          kept: new KeptManifests(new ManifestStore(db)),
          logger: mockServices.logger.mock(),
          nameOf: async () => 'cart',
          now: () => now,
          onChange,
          reader: made.reader,
          store,
        });
      const status = async () => {
        const places = await made.service.status({ services: [CART] });
        const [one] = withDrift(places, await store.of({ services: [CART] }));
        return one.drift;
      };
      const later = (minutes: number) => {
        now = new Date(now.getTime() + minutes * 60_000);
      };
      return { ...made, cluster, newWatcher, onChange, status, store, later };
    };

    it('is seen with its fields, and ends when it is deployed again', async () => {
      const compare = jest.fn(async () => [scaled]);
      const { newWatcher, status, later, service, ended } = await start({
        compare,
      });
      const watcher = newWatcher();
      expect(await status()).toBeUndefined();
      await watcher.turn();
      expect(await status()).toMatchObject({
        state: 'differs',
        summary: 'Deployment cart was changed (spec.replicas is 5, not 2)',
        changes: [scaled],
      });
      expect(compare).toHaveBeenCalledWith(
        expect.objectContaining({ namespace: 'cart-staging', ...STAGING }),
        [expect.objectContaining({ kind: 'Deployment' })],
      );
      // Not due yet, so the cluster is not asked again.
      await watcher.turn();
      expect(compare).toHaveBeenCalledTimes(1);

      const { id } = await service.deploy(STAGING, '1.1.0', ANNA, {
        supersede: false,
      });
      await ended(id);
      expect(await status()).toBeUndefined();
      compare.mockResolvedValue([]);
      later(6);
      await watcher.turn();
      expect(await status()).toMatchObject({ state: 'same' });
    });

    it('is told to open pages when it is seen, becomes another, and is seen no more', async () => {
      const compare = jest.fn(async () => [scaled]);
      const { newWatcher, onChange, store, later } = await start({ compare });
      const watcher = newWatcher();
      const told = async (what: ObjectChange[]) => {
        onChange.mockClear();
        compare.mockResolvedValue(what);
        later(6);
        await watcher.turn();
        return onChange.mock.calls.length;
      };
      expect(await told([])).toBe(0);
      expect(await store.differing()).toEqual([]);
      expect(await told([scaled])).toBe(1);
      expect(await store.differing()).toEqual([CART]);
      // As it was with the last look: nothing to draw anew.
      expect(await told([scaled])).toBe(0);
      const removed = { object: 'ConfigMap settings', fields: [] };
      expect(await told([scaled, { ...removed, change: 'removed' }])).toBe(1);
      expect(await told([])).toBe(1);
      expect(await store.differing()).toEqual([]);
    });

    it('is not told for each place where a cluster is away and back, but for those that had differed', async () => {
      const compare = jest.fn(async () => [] as ObjectChange[]);
      const { newWatcher, onChange, later } = await start({ compare });
      const watcher = newWatcher();
      const told = async (what: ObjectChange[] | Error) => {
        onChange.mockClear();
        if (what instanceof Error) compare.mockRejectedValue(what);
        else compare.mockResolvedValue(what);
        later(6);
        await watcher.turn();
        return onChange.mock.calls.length;
      };
      const away = new Error('the cluster did not answer in time');
      expect(await told([])).toBe(0);
      expect(await told(away)).toBe(0);
      expect(await told([])).toBe(0);
      expect(await told([scaled])).toBe(1);
      expect(await told(away)).toBe(1);
      expect(await told([scaled])).toBe(1);
    });

    it('is among what is amiss, as missing pods are, and not among what is unready', async () => {
      const compare = jest.fn(async () => [scaled]);
      const made = await start({ compare });
      const { environments, newWatcher, service, store, reader } = made;
      const unready: string[] = [];
      const status = statusImplementation({
        ...{ drift: store, environments, service },
        readiness: {
          of: ids =>
            ids.some(id => unready.includes(id))
              ? { wanted: 2, ready: 1 }
              : { wanted: 2, ready: 2 },
          problem: () => undefined,
          unready: () => unready,
        },
      });
      const placesThatAre = async (only: 'unready' | 'amiss') => {
        const answer = await status.handle(call({ only, brief: true }));
        const { items } = deploymentOperations.status.output.parse(answer);
        return items.map(({ drift, pods }) => [drift?.state, pods?.ready]);
      };
      const watcher = newWatcher();
      expect(await placesThatAre('amiss')).toEqual([]);
      await watcher.turn();
      expect(await placesThatAre('amiss')).toEqual([['differs', 2]]);
      expect(await placesThatAre('unready')).toEqual([]);
      compare.mockResolvedValue([]);
      made.later(6);
      await watcher.turn();
      expect(await placesThatAre('amiss')).toEqual([]);
      const running = await reader.lastGood(STAGING);
      unready.push(running?.id ?? '');
      expect(await placesThatAre('amiss')).toEqual([['same', 1]]);
      expect(await placesThatAre('unready')).toEqual([['same', 1]]);
    });

    it('is not known where it cannot be looked, and never taken for the same', async () => {
      const { newWatcher, status } = await start({
        compare: async () => {
          throw new Error('the cluster did not answer in time');
        },
      });
      await newWatcher().turn();
      expect(await status()).toMatchObject({
        state: 'unknown',
        summary:
          'It is not known whether it was changed: the cluster did not answer in time',
      });
    });

    it('is looked for, and of others told, also where another version of the portal wrote what it came to in another way', async () => {
      const { newWatcher, status, store, later } = await start({
        compare: async () => [scaled],
      });
      await newWatcher().turn();
      const written = { result: JSON.stringify({ state: 'of another' }) };
      await db('drift').update(written);
      const stock = {
        ...{ service: 'component:default/stock', environment: 'staging' },
        ...{ ...written, due_at: new Date(0).toISOString() },
      };
      await db('drift').insert(stock);
      expect(await status()).toBeUndefined();
      later(6);
      await newWatcher().turn();
      expect(await status()).toMatchObject({ state: 'differs' });
      expect(await store.of({})).toHaveLength(1);
    });

    it('is looked for by one of several processes, and by another where that dies', async () => {
      let asked = 0;
      let release = () => {};
      const held = new Promise<void>(done => {
        release = done;
      });
      const { newWatcher, status, later } = await start({
        compare: async () => {
          asked += 1;
          if (asked > 1) return [];
          await held;
          return [scaled];
        },
      });
      const dying = newWatcher().turn();
      await new Promise(done => {
        setTimeout(done, 200);
      });
      await newWatcher().turn();
      expect(asked).toBe(1);
      later(11);
      await newWatcher().turn();
      expect(asked).toBe(2);
      expect(await status()).toMatchObject({ state: 'same' });
      // What the first comes to at last is not written over it.
      release();
      await dying;
      expect(await status()).toMatchObject({ state: 'same' });
    });
  },
);
