import { TestDatabases } from '@backstage/backend-test-utils';
import { place, Syncing, WINDOW, World } from '../__testUtils__/Syncing';
import { SyncStore } from '../database/SyncStore';
import { RefusedError } from '../drivers/kubernetes/clusterErrors';
import { Syncer } from './Syncer';

jest.setTimeout(180_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('syncing, in %s', (...ids) => {
  let syncing: Syncing;
  let store: SyncStore;
  let world: World;
  let syncer: Syncer;

  const iso = (ms?: number) => syncing.iso(ms);
  const underWay = (stamp: number) => ({ stamp, by: iso(30_000) });
  const claim = (holder?: string) => syncing.claim(holder);
  const look = () => syncing.look();
  const known = () => syncing.known();

  beforeEach(async () => {
    syncing = await Syncing.begin(databases, ids[0]);
    ({ store, world, syncer } = syncing);
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
