import { TestDatabases } from '@backstage/backend-test-utils';
import { MIB, place, Syncing, World } from '../__testUtils__/Syncing';
import { SyncStore } from '../database/SyncStore';

jest.setTimeout(180_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'syncing where something is left out, in %s',
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
  },
);
