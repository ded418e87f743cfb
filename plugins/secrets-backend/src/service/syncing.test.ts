import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { SecretValue } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { SyncPlace, SyncStore } from '../database/SyncStore';
import { SecretPlace } from '../drivers/kubernetes/ClusterSecrets';
import {
  ClusterError,
  RefusedError,
} from '../drivers/kubernetes/clusterErrors';
import { VaultError } from '../drivers/vault/vaultErrors';
import { FirstArrival } from '../drivers/kubernetes/usesSecret';
import { ForeignShapeError } from '../drivers/vault/SecretVault';
import { Recorder } from './Recorder';
import { SyncedClusters, SyncedVault, Syncer } from './Syncer';

jest.setTimeout(180_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const place: SyncPlace = {
  service: 'component:default/cart',
  environment: 'staging',
  cluster: 'one',
  namespace: 'cart-staging',
  secret: 'cart',
};
const WINDOW = 10_000;
const MIB = 1024 * 1024;

/** A process that ends before some effect. */
class Killed extends Error {
  message = 'Killed.';
}

function refusalOf(key: string): VaultError {
  return new VaultError('refused', `Vault refused the platform ${key}.`);
}

/** A store and a cluster in memory, with each effect counted, so that a process can end before any of them. */
class World {
  now = 1_800_000_000_000;
  runs = true;
  down = false;
  values = new Map<
    string,
    { value: string; version: number; madeAt: string }
  >();
  /** Earlier values, by key and version */
  older = new Map<string, string>();
  /** Keys whose newest value was written straight to Vault, in another shape */
  foreign = new Set<string>();
  /** Keys that Vault does not give, or not even the versions of */
  refused = new Map<string, 'value' | 'all'>();
  /** Keys whose newest value the platform wrote */
  marked = new Set<string>();
  held = new Map<string, string>();
  /** Keys that somebody else wrote too, and that stay for that */
  coOwned = new Set<string>();
  revision = 0;
  /** The cluster's own */
  clock = this.now;
  writtenAt = new Date(this.clock);
  restarts = new Set<string>();
  restartedFor: string[] | undefined;
  first: FirstArrival | undefined;
  /** Programs that do not have the newest values yet */
  users = ['Deployment cart'];
  writes = 0;
  reads = 0;
  looks = 0;
  effects = 0;
  killAt = Infinity;

  set(key: string, value: string) {
    const before = this.values.get(key);
    const version = (before?.version ?? 0) + 1;
    if (before) this.older.set(`${key} ${before.version}`, before.value);
    this.writes += 1;
    const madeAt = `2027-01-15T08:00:00.${String(this.writes).padStart(
      9,
      '0',
    )}Z`;
    this.values.set(key, { value, version, madeAt });
  }

  /** As pods would see it. */
  value(key: string) {
    return Buffer.from(this.held.get(key) ?? '', 'base64').toString();
  }

  #effect() {
    this.effects += 1;
    if (this.effects === this.killAt) throw new Killed();
  }

  vault: SyncedVault = {
    keys: async () => [...this.values.keys()],
    facts: async ({ key }) => {
      this.looks += 1;
      if (this.refused.get(key) === 'all') throw refusalOf(key);
      return {
        version: this.values.get(key)?.version ?? 0,
        readable: true,
        versions: [this.values.get(key)].flatMap(one =>
          one
            ? [{ version: one.version, at: one.madeAt, state: 'readable' }]
            : [],
        ),
        ...(this.marked.has(key) && { mark: { kept: 'x', keyId: 'y' } }),
      };
    },
    read: async ({ key }, _, wanted) => {
      this.reads += 1;
      if (this.refused.has(key)) throw refusalOf(key);
      const newest = this.values.get(key)!;
      const version = wanted ?? newest.version;
      if (version === newest.version && this.foreign.has(key)) {
        throw new ForeignShapeError('It needs a field "value".');
      }
      const value =
        version === newest.version
          ? newest.value
          : this.older.get(`${key} ${version}`)!;
      return { value: new SecretValue(value), encoding: 'text', version };
    },
  };

  clusters: SyncedClusters = {
    runsIn: async () => {
      if (this.down) throw new ClusterError('The cluster does not answer.');
      return this.runs;
    },
    read: async () => (this.revision === 0 ? undefined : this.#secret()),
    apply: async (_: SecretPlace, data) => {
      this.#effect();
      const next = new Map([
        ...[...this.held].filter(([key]) => this.coOwned.has(key)),
        ...[...data].map(([key, one]) => [key, one.reveal()] as const),
      ]);
      const same =
        next.size === this.held.size &&
        [...next].every(([key, value]) => this.held.get(key) === value);
      if (!same) {
        this.revision += 1;
        this.writtenAt = new Date(this.clock);
      }
      this.held = next;
      this.#effect();
      return this.#secret();
    },
    restart: async (_, { at, keys, first }) => {
      this.#effect();
      this.restarts.add(at);
      this.restartedFor = keys;
      this.first = first;
      this.#effect();
      return this.users;
    },
  };

  #secret() {
    return {
      revision: String(this.revision),
      writtenAt: this.writtenAt,
      data: new Map(
        [...this.held].map(([key, value]) => [key, new SecretValue(value)]),
      ),
    };
  }
}

describe.each(databases.eachSupportedId())('syncing, in %s', (...ids) => {
  let db: Knex;
  let store: SyncStore;
  let world: World;
  let syncer: Syncer;

  const iso = (ms = 0) => new Date(world.now + ms).toISOString();
  const underWay = (stamp: number) => ({ stamp, by: iso(30_000) });
  const claim = (holder = 'a') =>
    store.claim({
      ...{ holder, now: iso(), until: iso(120_000), limit: 10 },
      which: { exceptClusters: [] },
    });
  /** Looks at what is due, as a process that may end on the way. */
  const look = async () => {
    const items = await claim();
    for (const item of items) await syncer.sync(item);
    return items.length;
  };
  const known = async () => (await store.list(place.service))[0].memory;

  beforeEach(async () => {
    db = await databases.init(ids[0]);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    store = new SyncStore(db);
    world = new World();
    syncer = new Syncer({
      ...{ store, vault: world.vault, clusters: world.clusters },
      now: () => new Date(world.now),
      random: () => 0,
      recorder: new Recorder({
        auditor: {
          createEvent: async () => ({
            success: async () => {},
            fail: async () => {},
          }),
        },
      }),
      times: {
        pollMs: 30_000,
        vaultPollMs: 3_600_000,
        restartWindowMs: WINDOW,
      },
    });
  });

  it('reads only what is another version, and all where somebody else wrote the Secret', async () => {
    world.set('A', '1');
    world.set('B', '1');
    await store.want(place, iso());
    await look();
    expect([world.value('A'), world.value('B'), world.reads]).toEqual([
      ...['1', '1', 2],
    ]);
    world.set('B', '2');
    await store.want(place, iso());
    await look();
    expect([world.value('A'), world.value('B'), world.reads]).toEqual([
      ...['1', '2', 3],
    ]);
    world.held.set('A', 'overwritten');
    world.revision += 1;
    world.set('B', '3');
    await store.want(place, iso());
    await look();
    // Of B also the version before, which would stay if the newest found no room.
    expect([world.value('A'), world.value('B'), world.reads]).toEqual([
      ...['1', '3', 6],
    ]);
  });

  it('brings what has the number of the version before, where its key was taken out of Vault whole and began again', async () => {
    world.set('A', 'leaked');
    world.set('B', '1');
    await store.want(place, iso());
    await look();
    world.now += WINDOW;
    await look();
    expect([...world.restarts]).toHaveLength(1);
    world.values.delete('A');
    world.set('A', 'new');
    expect(world.values.get('A')!.version).toBe(1);
    const reads = world.reads;
    await store.want(place, iso());
    await look();
    expect(world.value('A')).toBe('new');
    expect(world.reads - reads).toBe(1);
    const { anew, restartKeys, replacedAt, versions } = await known();
    expect([anew, restartKeys]).toEqual([['A'], ['A']]);
    expect(Object.keys(replacedAt)).toContain('A');
    expect(versions).toEqual({ A: 1, B: 1 });
    // It is seen once.
    await store.want(place, iso());
    await look();
    expect(world.reads - reads).toBe(1);
  });

  it('reads no value while versions and the cluster are as they were', async () => {
    world.set('A', '1');
    await store.want(place, iso());
    await look();
    const { reads } = world;
    expect(reads).toBe(1);
    for (let times = 0; times < 5; times++) {
      world.now += 40_000;
      await look();
    }
    expect(world.reads).toBe(reads);
    expect(world.restarts.size).toBe(1);
  });

  it('asks Vault for the versions at most once an hour while nobody sets anything, and repairs the cluster all the same', async () => {
    for (const key of ['A', 'B', 'C']) world.set(key, '1');
    await store.want(place, iso());
    await look();
    const { looks } = world;
    for (let passed = 0; passed < 24 * 3_600_000; passed += 40_000) {
      world.now += 40_000;
      await look();
    }
    expect((world.looks - looks) / 3 / 24).toBeLessThanOrEqual(1);
    // The control: it was looked, so what is written straight to Vault is found.
    expect(world.looks - looks).toBeGreaterThan(3 * 20);
    world.set('A', 'straight');
    world.held.set('B', 'broken by hand');
    world.revision += 1;
    world.now += 40_000;
    await look();
    expect(world.value('B')).toBe('1');
    world.now += 3_600_000;
    await look();
    expect(world.value('A')).toBe('straight');
  });

  it('looks once more at what was under way when it looked, also where whoever did it is gone', async () => {
    world.set('A', '1');
    await store.want(place, iso());
    await look();
    await store.want(place, iso(), { begins: underWay(1) });
    await look();
    // Written after that look, by a process that had no time to say so.
    world.set('A', '2');
    world.now += 15_000;
    await look();
    expect(world.value('A')).toBe('1');
    world.now += 16_000;
    await look();
    expect(world.value('A')).toBe('2');
    const { looks } = world;
    world.now += 200_000;
    await look();
    expect(world.looks).toBe(looks);
  });

  it('looks once more at what is still under way after that, and no sooner for it being said', async () => {
    world.set('A', '1');
    await store.want(place, iso(), { begins: underWay(1) });
    await look();
    world.now += 11_000;
    await look();
    // Until now it was said again and again.
    for (let times = 0; times < 4; times++) {
      world.now += 10_000;
      await store.settles(place, iso(), underWay(1));
      const { looks } = world;
      await look();
      // Only what was due anyway.
      expect(world.looks - looks).toBe(times === 1 ? 1 : 0);
    }
    world.set('A', '2');
    world.now += 31_000;
    await look();
    expect(world.value('A')).toBe('2');
    // Said while it is looked at, it is not forgotten either.
    const [item] = await store.claim({
      ...{ holder: 'a', now: iso(), until: iso(15_000), limit: 1 },
      which: { ids: [1] },
    });
    await store.settles(place, iso(), underWay(1));
    await syncer.sync(item);
    world.set('A', '3');
    world.now += 31_000;
    await look();
    expect(world.value('A')).toBe('3');
  });

  it.each([
    ['another change ends meanwhile', () => ({ ended: 2 })],
    ['a third one begins and ends', () => ({ begins: underWay(3) })],
    ['somebody lists it or has it brought', () => ({})],
  ])(
    'looks once more at a change whose process is gone, also where %s',
    async (_, wish) => {
      world.set('A', '1');
      await store.want(place, iso(), { begins: underWay(1) });
      await store.want(place, iso(), { begins: underWay(2) });
      await store.want(place, iso(), { ended: 2 });
      await look();
      // Of the first nothing is heard any more; all that others say is not about it.
      world.now += 1000;
      await store.want(place, iso(), wish());
      await store.want(place, iso(), { ended: 3 });
      await look();
      world.now += 5000;
      await store.want(place, iso());
      await look();
      world.set('A', '2');
      world.now += 31_000;
      await look();
      expect(world.value('A')).toBe('2');
    },
  );

  it('looks no second time where the only change has ended, nor for one that was given up long ago', async () => {
    world.set('A', '1');
    await store.want(place, iso(), { begins: underWay(1) });
    world.now += 60_000;
    await store.want(place, iso(), { begins: underWay(2) });
    await look();
    await store.want(place, iso(), { ended: 2 });
    await look();
    const { looks } = world;
    world.now += 60_000;
    await look();
    expect(world.looks).toBe(looks);
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

  it('is tried less often where the cluster refuses it as it is', async () => {
    world.set('A', '1');
    await store.want(place, iso());
    world.clusters.apply = async () => {
      throw new RefusedError('It is not valid there.');
    };
    let tries = 0;
    for (
      const end = world.now + 3_600_000;
      world.now < end;
      world.now += 5_000
    ) {
      tries += await look();
    }
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(25);
  });

  it('is behind nowhere where nothing is set and nothing was ever brought, also where the cluster does not answer', async () => {
    world.down = true;
    world.set('A', '1');
    await store.want(place, iso());
    await look();
    expect(await known()).toMatchObject({ state: 'behind', tries: 1 });
    world.values.clear();
    await store.want(place, iso());
    await look();
    const { state, message, tries } = await known();
    expect([state, message, tries]).toEqual([
      'waiting',
      `Nothing is set, so that there is nothing to bring to ${place.namespace}.`,
      2,
    ]);
    expect(await store.behind()).toMatchObject([{ count: 0 }]);
    // What is set then is behind again, and brought when the cluster answers.
    world.set('A', '2');
    await store.want(place, iso());
    await look();
    expect((await known()).state).toBe('behind');
    world.down = false;
    world.now += 70_000;
    await look();
    expect([(await known()).state, world.value('A')]).toEqual(['synced', '2']);
    // What was brought once may be there.
    world.values.clear();
    world.down = true;
    await store.want(place, iso());
    await look();
    expect((await known()).state).toBe('behind');
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
    expect(await times()).toEqual({ A: first, B: '2027-03-01T00:01:00.000Z' });
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

  it('says what was deleted and stays since somebody else wrote it too, does not try again and again, and sees when it is gone', async () => {
    world.set('A', '1');
    world.set('B', '1');
    await store.want(place, iso());
    await look();
    world.coOwned.add('A');
    world.values.delete('A');
    await store.want(place, iso());
    await look();
    const why = /^A is deleted, and still in the Secret: somebody else/;
    expect(await known()).toMatchObject({
      ...{ state: 'behind', message: expect.stringMatching(why) },
      ...{ versions: { B: 1 }, tries: 0 },
    });
    expect(world.value('A')).toBe('1');
    const { effects, restarts } = world;
    world.now += 40_000;
    await look();
    world.now += 4_000_000;
    await look();
    // But for the restart, which it was deleted for.
    expect(world.effects - effects).toBe(2);
    expect(restarts.size).toBe(1);
    // Whatever else changes, it is still said.
    world.set('B', '2');
    await store.want(place, iso());
    await look();
    world.now += 40_000;
    await look();
    expect(await known()).toMatchObject({
      ...{ state: 'behind', message: expect.stringMatching(why) },
    });
    expect(world.restartedFor).toEqual(['B']);
    world.coOwned.clear();
    world.held.delete('A');
    world.revision += 1;
    world.now += 40_000;
    await look();
    expect(await known()).toMatchObject({ state: 'synced', weighed: {} });
    // Set again, it is ours again.
    world.coOwned.add('B');
    world.values.delete('B');
    await store.want(place, iso());
    await look();
    world.set('B', '3');
    await store.want(place, iso());
    await look();
    expect(await known()).toMatchObject({ state: 'synced' });
    expect(world.value('B')).toBe('3');
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
    expect(await change(set('B', '1'))).toEqual({ keys: ['B'], whole: false });
    expect(await change(set('A', '3'), set('C', '1'))).toEqual({
      ...{ keys: ['C'], whole: false },
    });
    // Some may have begun with the first of two.
    expect(await change(set('D', '1'), set('D', '2'), set('E', '1'))).toEqual({
      ...{ keys: ['E'], whole: false },
    });
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
    expect([world.restarts.size, await restartedAt()]).toEqual([1, undefined]);
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
        if (memory.message.startsWith(new Killed().message)) throw new Killed();
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

  it('shows a cluster that is down as behind, and never forgets it', async () => {
    world.down = true;
    world.set('A', '1');
    await store.want(place, iso());
    for (let times = 0; times < 8; times++) {
      await look();
      expect(await known()).toMatchObject({
        state: 'behind',
        message: 'The cluster does not answer. It is tried again by itself.',
      });
      world.now += 61_000;
    }
    world.down = false;
    await look();
    expect(await known()).toMatchObject({ state: 'synced', tries: 0 });
    expect(world.value('A')).toBe('1');
  });

  it('leaves out what finds no room, says so, and brings all else; reads it no more until something changes', async () => {
    const half = (letter: string) => letter.repeat(512 * 1024 - 32);
    world.set('A', half('a'));
    world.set('B', 'small');
    await store.want(place, iso());
    await look();
    world.set('B', half('b'));
    world.set('C', half('c'));
    world.set('D', 'small too');
    await store.want(place, iso());
    await look();
    const behind = {
      state: 'behind',
      message: expect.stringMatching(
        /^(B|C) \(512 KiB\) finds no room: all values there may be 1 MiB together/,
      ),
      tries: 0,
    };
    expect(await known()).toMatchObject(behind);
    expect(world.value('A')).toBe(half('a'));
    expect(world.value('D')).toBe('small too');
    // The one that grows takes less of what is left than one that is new.
    expect(world.value('B')).toBe(half('b'));
    expect(world.held.has('C')).toBe(false);

    // A larger value does not take away what programs have.
    world.set('D', half('d'));
    await store.want(place, iso());
    await look();
    expect(world.value('D')).toBe('small too');
    expect((await known()).message).toMatch(
      /^(C \(512 KiB\), D|D \(512 KiB\), C) \(512 KiB\) find no room/,
    );
    const { reads, looks, revision } = world;
    const { size } = world.restarts;
    for (let times = 0; times < 20; times++) {
      world.now += 40_000;
      await look();
    }
    expect(await known()).toMatchObject({ state: 'behind', tries: 0 });
    expect([world.reads, world.looks, world.revision]).toEqual([
      ...[reads, looks, revision],
    ]);
    expect(world.restarts.size).toBe(size + 1);

    // Where somebody else wrote the Secret, it gets what it had.
    world.held.set('D', 'overwritten');
    world.revision += 1;
    world.now += 40_000;
    await look();
    expect(world.value('D')).toBe('small too');
    expect(world.value('A')).toBe(half('a'));

    world.set('A', 'small');
    await store.want(place, iso());
    await look();
    expect((await known()).state).toBe('behind');
    world.set('B', 'small');
    await store.want(place, iso());
    await look();
    expect(await known()).toMatchObject({ state: 'synced', syncedAt: iso() });
    expect([world.value('C'), world.value('D')]).toEqual([
      ...[half('c'), half('d')],
    ]);
  });

  it('keeps the value before of what finds no room for the first time, also in a Secret that somebody else wrote', async () => {
    world.set('A', 'small');
    world.set('B', 'other');
    await store.want(place, iso());
    await look();
    world.set('A', 'a'.repeat(MIB));
    world.held.set('A', Buffer.from('by hand').toString('base64'));
    world.revision += 1;
    await store.want(place, iso());
    await look();
    expect((await known()).message).toMatch(/^A \(1024 KiB\) finds no room/);
    expect([world.value('A'), world.value('B')]).toEqual(['small', 'other']);
  });

  it('leaves out what is not understood, says so, and brings all else; reads it no more until something changes', async () => {
    world.set('A', 'one');
    world.set('B', 'two');
    await store.want(place, iso());
    await look();
    world.set('A', 'in another shape');
    world.set('B', 'three');
    world.set('C', 'in another shape too');
    world.set('no name', 'of a key');
    for (const key of ['A', 'C']) world.foreign.add(key);
    await store.want(place, iso());
    await look();
    expect(await known()).toMatchObject({
      ...{ state: 'behind', tries: 0 },
      message: expect.stringMatching(
        /^A, C stand in Vault in a shape of its own: .* no name has a name that no Secret can have\. .* tried again when something changes\.$/,
      ),
    });
    expect([world.value('A'), world.value('B')]).toEqual(['one', 'three']);
    expect([...world.held.keys()].sort()).toEqual(['A', 'B']);
    const { reads } = world;
    for (let times = 0; times < 5; times++) {
      world.now += 40_000;
      await look();
    }
    expect(world.reads).toBe(reads);

    // What programs have stays also where somebody else wrote the Secret.
    world.held.set('A', 'overwritten');
    world.revision += 1;
    world.now += 40_000;
    await look();
    expect([world.value('A'), world.value('B')]).toEqual(['one', 'three']);

    world.foreign.clear();
    world.set('A', 'four');
    world.values.delete('no name');
    await store.want(place, iso());
    await look();
    expect((await known()).state).toBe('synced');
    expect([world.value('A'), world.value('C')]).toEqual([
      ...['four', 'in another shape too'],
    ]);
  });

  it.each(['value', 'all'] as const)(
    'leaves out what Vault refuses (%s), says so, keeps what was there and brings all else; and it too once it is given',
    async kind => {
      world.set('A', '1');
      world.set('B', '1');
      await store.want(place, iso());
      await look();
      for (const key of ['A', 'B', 'C']) world.set(key, '2');
      world.refused.set('B', kind);
      await store.want(place, iso());
      await look();
      expect(['A', 'B', 'C'].map(key => world.value(key))).toEqual([
        ...['2', '1', '2'],
      ]);
      const { message, state, tries } = await known();
      expect([state, tries]).toEqual(['behind', 0]);
      expect(message).toMatch(
        /^Vault refuses the platform B: the policy of the role platform\.vault\.auth\.sync needs read/,
      );
      // What somebody else changes is put back, and it is still said.
      world.held.set('A', 'wrong');
      world.revision += 1;
      world.now += 30_000;
      await look();
      expect([world.value('A'), world.value('B')]).toEqual(['2', '1']);
      expect((await known()).message).toContain('refuses the platform B');
      // It is not asked for each time that the cluster is looked at.
      const { looks } = world;
      world.now += 30_000;
      await look();
      expect(world.looks).toBe(looks);
      // Asked for again, it alone is refused, which keeps nothing else out, nor in.
      const { reads } = world;
      world.values.delete('A');
      world.now += 300_000;
      await look();
      expect([...world.held.keys()].sort()).toEqual(['B', 'C']);
      expect([world.value('B'), world.value('C')]).toEqual(['1', '2']);
      expect(await known()).toMatchObject({ state: 'behind', tries: 0 });
      expect(world.reads).toBe(reads + (kind === 'value' ? 1 : 0));
      world.refused.clear();
      world.now += 300_000;
      await look();
      expect(world.value('B')).toBe('2');
      expect(await known()).toMatchObject({ state: 'synced' });
    },
  );

  it('takes no key for begun again that somebody set between the look at its versions and the look at its value', async () => {
    for (const key of ['A', 'B']) world.set(key, '1');
    await store.want(place, iso());
    await look();
    world.set('A', '2');
    const { facts } = world.vault;
    world.vault.facts = async path => {
      const found = await facts(path);
      if (path.key === 'A') world.set('A', '3');
      return found;
    };
    await store.want(place, iso());
    await look();
    world.vault.facts = facts;
    expect([world.value('A'), (await known()).versions.A]).toEqual(['3', 3]);
    const { reads } = world;
    await store.want(place, iso());
    await look();
    expect((await known()).anew).toEqual([]);
    expect(world.reads).toBe(reads);
  });

  it.each(['refused', 'foreign'] as const)(
    'keeps what is there of a key that was taken out of Vault whole, and began again with what is %s',
    async kind => {
      for (const key of ['A', 'B']) world.set(key, '1');
      await store.want(place, iso());
      await look();
      world.values.delete('A');
      world.set('A', 'anew');
      if (kind === 'refused') world.refused.set('A', 'value');
      else world.foreign.add('A');
      await store.want(place, iso());
      await look();
      const standing = async () => [
        ...[world.value('A'), world.value('B')],
        (await known()).versions.A,
      ];
      expect(await standing()).toEqual(['1', '1', undefined]);
      expect(await known()).toMatchObject({ state: 'behind', tries: 0 });
      // So it does when it is looked at once more, and the rest changes.
      world.set('B', '2');
      world.now += 300_000;
      await store.want(place, iso());
      await look();
      expect(await standing()).toEqual(['1', '2', undefined]);
      world.refused.clear();
      world.foreign.clear();
      world.set('A', 'anew, and again');
      await store.want(place, iso());
      await look();
      expect(await standing()).toEqual(['anew, and again', '2', 2]);
      expect(await known()).toMatchObject({ state: 'synced' });
    },
  );

  it('is tried again soon where Vault refuses all of it', async () => {
    world.set('A', '1');
    world.refused.set('A', 'value');
    await store.want(place, iso());
    await look();
    expect(await known()).toMatchObject({ state: 'behind', tries: 1 });
    world.refused.clear();
    world.now += 2_000;
    await look();
    expect(world.value('A')).toBe('1');
  });

  it('leaves room for keys of others that are in the Secret', async () => {
    world.held.set('THEIRS', Buffer.from('x'.repeat(MIB)).toString('base64'));
    world.revision = 1;
    world.set('A', 'small');
    await store.want(place, iso());
    await look();
    expect((await known()).message).toContain('A (1 KiB) finds no room');
  });

  it('waits where the service does not run yet', async () => {
    world.runs = false;
    world.set('A', '1');
    await store.want(place, iso());
    await look();
    expect((await known()).state).toBe('waiting');
    world.runs = true;
    world.now += 5_001;
    await look();
    expect(world.value('A')).toBe('1');
  });

  it('brings it to a namespace that was gone and is there again', async () => {
    world.set('A', '1');
    await store.want(place, iso());
    await look();
    [world.runs, world.revision] = [false, 0];
    world.held.clear();
    world.now += 40_000;
    await look();
    expect((await known()).state).toBe('waiting');
    world.runs = true;
    world.now += 5_001;
    await look();
    expect(world.value('A')).toBe('1');
    expect((await known()).state).toBe('synced');
  });

  it('says where the service does not run yet what could not be brought, and reads for it what was written straight to Vault only, when Vault is asked', async () => {
    world.runs = false;
    for (const key of ['A', 'B', 'ODD']) world.set(key, '1');
    world.set('LARGE', 'x'.repeat(MIB + 1));
    world.marked.add('A');
    world.foreign.add('ODD');
    await store.want(place, iso());
    await look();
    expect(await known()).toMatchObject({ state: 'waiting' });
    expect((await known()).weighed).toEqual({
      B: { version: 1, bytes: 64, fits: true },
      LARGE: { version: 1, bytes: MIB + 64 },
      ODD: { version: 1, bytes: 0, foreign: true },
    });
    const { looks, reads } = world;
    expect(reads).toBe(3);
    world.now += 3_000_000;
    await look();
    expect([world.looks, world.reads]).toEqual([looks, reads]);
    world.set('C', '1');
    world.runs = true;
    world.now += 5_001;
    await look();
    expect(['A', 'B', 'C'].map(key => world.value(key))).toEqual([
      ...['1', '1', '1'],
    ]);
    expect(await known()).toMatchObject({
      ...{ state: 'behind', message: expect.stringMatching(/LARGE.*ODD/) },
    });
  });

  it.each(['value', 'all'] as const)(
    'says where the service does not run yet that Vault refuses a key (%s), which was written straight to it alone',
    async kind => {
      world.runs = false;
      for (const key of ['A', 'B']) world.set(key, '1');
      world.marked.add('A');
      world.refused.set('B', kind);
      await store.want(place, iso());
      await look();
      expect(await known()).toMatchObject({ state: 'waiting', tries: 0 });
      expect((await known()).weighed).toEqual({
        B: { version: kind === 'value' ? 1 : 0, bytes: 0, refused: true },
      });
    },
  );

  it('lets one worker have it, and takes nothing from one that lost it', async () => {
    await store.want(place, iso());
    const [[first], second] = [await claim('a'), await claim('b')];
    expect(second).toEqual([]);
    world.now += 130_000;
    const [later] = await claim('b');
    expect(later.token).toBe(first.token + 1);
    const options = { dueAt: iso(), release: true };
    await expect(store.save(first, first.memory, options)).rejects.toThrow(
      'another worker',
    );
    await store.save(later, later.memory, options);
  });

  it('looks again at once at what was asked for while it was being looked at', async () => {
    await store.want(place, iso());
    const [item] = await claim();
    await store.want(place, iso());
    await store.save(item, item.memory, { dueAt: iso(30_000), release: true });
    expect(await look()).toBe(1);
  });
});
