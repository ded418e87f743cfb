import { TestDatabases } from '@backstage/backend-test-utils';
import {
  Killed,
  place,
  Syncing,
  WINDOW,
  World,
} from '../__testUtils__/Syncing';
import { SyncStore } from '../database/SyncStore';
import { ClusterError } from '../drivers/kubernetes/clusterErrors';

jest.setTimeout(180_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'restarting what uses a Secret, in %s',
  (...ids) => {
    let syncing: Syncing;
    let store: SyncStore;
    let world: World;

    const iso = (ms?: number) => syncing.iso(ms);
    const look = () => syncing.look();
    const known = () => syncing.known();

    beforeEach(async () => {
      syncing = await Syncing.begin(databases, ids[0]);
      ({ store, world } = syncing);
    });

    it('makes one restart of changes within the window, and another of those after it', async () => {
      for (const key of ['A', 'B', 'C', 'D', 'E']) {
        world.set(key, '1');
        await store.want(place, iso());
        await look();
        world.now += 1_500;
      }
      world.now += WINDOW;
      await look();
      expect([...world.restarts]).toHaveLength(1);
      expect(world.restartedFor).toEqual(['A', 'B', 'C', 'D', 'E']);
      world.set('A', '2');
      await store.want(place, iso());
      await look();
      world.now += WINDOW + 1;
      await look();
      expect([...world.restarts]).toHaveLength(2);
      expect(world.restartedFor).toEqual(['A']);
    });

    it('reads nothing again that is in the Secret, where programs cannot be restarted for it', async () => {
      world.set('A', '1');
      await store.want(place, iso());
      await look();
      const { restart } = world.clusters;
      world.clusters.restart = async () => {
        throw new ClusterError('It could not be restarted.');
      };
      world.now += WINDOW;
      await look();
      world.set('A', '2');
      await store.want(place, iso());
      world.now += 60_000;
      await look();
      expect(world.value('A')).toBe('2');
      expect(await known()).toMatchObject({
        state: 'behind',
        versions: { A: 2 },
      });
      const { reads, looks } = world;
      for (let tries = 0; tries < 3; tries++) {
        world.now += 60_000;
        expect(await look()).toBe(1);
      }
      expect([world.reads, world.looks]).toEqual([reads, looks]);
      world.clusters.restart = restart;
      world.now += 60_000;
      await look();
      expect(await known()).toMatchObject({ state: 'synced', tries: 0 });
      expect(world.restarts.size).toBe(1);
    });

    it('keeps when each key took the place of another, by the cluster’s clock, also where a process was gone before it could', async () => {
      const times = async () => (await known()).replacedAt;
      world.set('A', '1');
      await store.want(place, iso());
      world.killAt = world.effects + 2;
      await expect(look()).resolves.toBe(1);
      world.killAt = Infinity;
      world.now += 70_000;
      await look();
      expect((await known()).versions).toEqual({ A: 1 });
      // Nobody had another before.
      expect(await times()).toEqual({});
      world.now += 70_000;
      await look();
      world.set('A', '2');
      world.set('B', '1');
      world.clock = Date.parse('2027-03-01T00:00:00Z');
      await store.want(place, iso());
      await look();
      const first = '2027-03-01T00:00:00.000Z';
      expect(await times()).toEqual({ A: first });
      world.set('B', '2');
      world.clock += 60_000;
      await store.want(place, iso());
      await look();
      expect(await times()).toEqual({
        A: first,
        B: '2027-03-01T00:01:00.000Z',
      });
      // After it was written, and before that could be kept.
      world.set('A', '3');
      world.clock += 60_000;
      await store.want(place, iso());
      world.killAt = world.effects + 2;
      await look();
      world.killAt = Infinity;
      world.now += 70_000;
      await look();
      expect((await times()).A).toBe('2027-03-01T00:02:00.000Z');
      // What began before that still has what was before it, though the key is gone.
      const { A: last } = await times();
      world.values.delete('A');
      world.clock += 60_000;
      await store.want(place, iso());
      await look();
      expect((await known()).versions).toEqual({ B: 2 });
      expect((await times()).A).toBe(last);
      // Begun anew, it is another than that.
      world.set('A', 'anew');
      world.clock += 60_000;
      await store.want(place, iso());
      await look();
      expect((await times()).A).toBe('2027-03-01T00:04:00.000Z');
    });

    it('says which keys nobody can have had before, so that what waited for them need not be restarted', async () => {
      /** Sets keys one after the other, and has programs restarted for all of them. */
      const change = async (...steps: Array<() => void>) => {
        for (const step of steps) {
          step();
          await store.want(place, iso());
          await look();
        }
        world.now += WINDOW + 1;
        await look();
        return world.first;
      };
      const set = (key: string, value: string) => () => world.set(key, value);
      // It was set twice before there was a Secret.
      world.set('A', '1');
      expect(await change(set('A', '2'))).toEqual({ keys: ['A'], whole: true });
      expect(await change(set('B', '1'))).toEqual({
        keys: ['B'],
        whole: false,
      });
      expect(await change(set('A', '3'), set('C', '1'))).toEqual({
        ...{ keys: ['C'], whole: false },
      });
      // Some may have begun with the first of two.
      expect(await change(set('D', '1'), set('D', '2'), set('E', '1'))).toEqual(
        {
          ...{ keys: ['E'], whole: false },
        },
      );
      const gone = () => {
        world.older.set('E 1', '1');
        world.values.delete('E');
      };
      const back = () =>
        world.values.set('E', { value: '2', version: 2, madeAt: 'then' });
      expect(await change(gone)).toEqual({ keys: [], whole: false });
      expect(await change(back)).toEqual({ keys: [], whole: false });
      // Somebody took the whole Secret away.
      expect(
        await change(() => {
          world.held.clear();
          world.revision += 1;
        }),
      ).toEqual({ keys: [], whole: false });
      expect((await known()).first).toBeUndefined();
    });

    it('does not take more keys for the first Secret where these come to it within the window', async () => {
      world.set('A', '1');
      await store.want(place, iso());
      await look();
      world.set('B', '1');
      await store.want(place, iso());
      await look();
      world.now += WINDOW + 1;
      await look();
      expect(world.first).toEqual({ keys: ['A', 'B'], whole: false });
    });

    it('says that programs were restarted only where some were', async () => {
      world.users = [];
      world.set('A', '1');
      await store.want(place, iso());
      await look();
      world.now += WINDOW + 1;
      await look();
      const restartedAt = async () =>
        (await store.list(place.service))[0].memory.restartedAt;
      expect([world.restarts.size, await restartedAt()]).toEqual([
        1,
        undefined,
      ]);
      world.users = ['Deployment cart'];
      world.set('A', '2');
      await store.want(place, iso());
      await look();
      world.now += WINDOW + 1;
      await look();
      expect(await restartedAt()).toBeDefined();
    });

    it('comes to the same end wherever a process is killed on the way', async () => {
      world.set('A', '1');
      await store.want(place, iso());
      await look();
      world.now += WINDOW + 1;
      await look();
      const effects = world.effects;
      // Controls that there is something to kill.
      expect(effects).toBe(4);
      for (let at = 1; at <= effects; at++) {
        world.effects = 0;
        world.restarts = new Set();
        world.set('A', `killed at ${at}`);
        await store.want(place, iso());
        world.killAt = at;
        // What a process that is gone does not do is to say that it failed.
        const save = store.save.bind(store);
        const spy = jest.spyOn(store, 'save');
        spy.mockImplementation((item, memory, options) => {
          if (memory.message.startsWith(new Killed().message))
            throw new Killed();
          return save(item, memory, options);
        });
        for (let times = 0; times < 4 && world.effects < at; times++) {
          await look().catch(error => {
            if (!(error instanceof Killed)) throw error;
          });
          world.now += WINDOW + 1;
        }
        spy.mockRestore();
        expect(world.effects).toBe(at);
        world.killAt = Infinity;
        // Another process takes over when the lease of the one that is gone has ended.
        for (let times = 0; times < 3; times++) {
          world.now += 130_000;
          await look();
        }
        expect(world.value('A')).toBe(`killed at ${at}`);
        expect([at, world.restarts.size]).toEqual([at, 1]);
        expect((await known()).restartAt).toBeUndefined();
      }
    });
  },
);
