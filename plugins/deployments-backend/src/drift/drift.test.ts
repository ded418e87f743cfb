import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ObjectChange } from '@highroad/plugin-deployments-common';
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
      const newWatcher = () =>
        new DriftWatcher({
          comparer,
          environments: made.environments,
          kept: new KeptManifests(new ManifestStore(db)),
          logger: mockServices.logger.mock(),
          nameOf: async () => 'cart',
          now: () => now,
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
      return { ...made, cluster, newWatcher, status, later };
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
