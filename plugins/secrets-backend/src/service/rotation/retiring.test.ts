import { TestDatabases } from '@backstage/backend-test-utils';
import { ann, DAY, HOUR, path, Rotating } from '../../__testUtils__/Rotating';
import { RotationStore } from '../../database/RotationStore';
import { Rotator } from './Rotator';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'ending the value before, in %s',
  (...ids) => {
    let world: Rotating;
    let rotations: RotationStore;
    let rotator: Rotator;
    const iso = (ms?: number) => world.iso(ms);
    const known = () => world.known();
    const use = (...how: Parameters<Rotating['use']>) => world.use(...how);

    beforeEach(async () => {
      world = await Rotating.begin(databases, ids[0]);
      ({ rotations, rotator } = world);
    });

    it('ends the value before when its time is over and no program uses it any more', async () => {
      await use({ generator: 'turns' });
      world.now += 30 * DAY;
      await rotator.sweep();
      expect(await known()).toMatchObject({ retiresAt: iso(24 * HOUR) });
      world.now += 23 * HOUR;
      await rotator.sweep();
      expect(world.retired).toEqual([]);
      world.now += HOUR;
      world.behind = 'Deployment cart still restarts.';
      await rotator.sweep();
      expect(world.retired).toEqual([]);
      world.behind = undefined;
      world.now += 61_000;
      await rotator.sweep();
      await rotator.sweep();
      expect(world.retired).toEqual(['all but turn-1']);
      expect(await known()).not.toHaveProperty('retiresAt');
      world.now += 29 * DAY;
      await rotator.sweep();
      expect(world.written.map(one => one.value.reveal())).toEqual([
        'turn-1',
        'turn-2',
      ]);
    });

    it('tells what keeps it from being replaced again where programs still use the value before', async () => {
      await use({ generator: 'turns' });
      world.now += 30 * DAY;
      await rotator.sweep();
      world.now += 24 * HOUR;
      world.behind = 'Deployment cart still restarts.';
      await rotator.sweep();
      expect(world.told).toEqual([]);
      world.now += 29 * DAY + HOUR;
      await rotator.sweep();
      const problem =
        'Programs still use the value before the last: Deployment cart still restarts.';
      expect(world.told).toEqual([`SESSION_KEY: ${problem}`]);
      expect(await known()).toMatchObject({ overdue: true, problem });
      await rotator.sweep();
      expect(world.told).toHaveLength(1);
      world.behind = undefined;
      world.now += 11_000;
      await rotator.sweep();
      await rotator.sweep();
      expect(world.retired).toEqual(['all but turn-1']);
      expect(world.written).toHaveLength(2);
      expect((await known()).problem).toBeUndefined();
    });

    it('ends the value before also where it is no longer to be replaced, in its time', async () => {
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      await rotations.end(path, iso());
      expect(await known()).toBeUndefined();
      await rotator.sweep();
      expect(world.retired).toEqual([]);
      world.now += 24 * HOUR;
      await rotator.sweep();
      expect(world.retired).toEqual(['all but turn-1']);
      world.now += 400 * DAY;
      await rotator.sweep();
      await use({ generator: 'turns' });
      expect(world.written).toHaveLength(1);
      // What was to be ended is forgotten with it.
      expect(await known()).not.toHaveProperty('lastAt');
    });

    it('gives up on a value before that cannot be ended where it is no longer to be replaced, and tells that it may still work', async () => {
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      await rotations.end(path, iso());
      world.retire = () => {
        throw new Error('The server is gone.');
      };
      world.now += 24 * HOUR;
      for (let times = 0; times < 100; times++) {
        await rotator.sweep();
        world.now += HOUR;
      }
      expect(world.told.slice(0, 2)).toEqual([
        'SESSION_KEY: The server is gone.',
        'SESSION_KEY: The server is gone.',
      ]);
      expect(world.told.at(-1)).toBe(
        'SESSION_KEY is left: The server is gone.',
      );
      expect(world.told).toHaveLength(50);
    });

    it('tells at once that a value before may still work where its key is deleted and nothing says which it was', async () => {
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      world.somebodySets();
      world.readable = false;
      await rotations.end(path, iso());
      world.now += 24 * HOUR;
      await rotator.sweep();
      expect(world.told).toEqual([
        'SESSION_KEY is left: The key is deleted, and was set by hand before.',
      ]);
      world.now += DAY;
      await rotator.sweep();
      expect(world.told).toHaveLength(1);
    });

    it('ends what was written when it was ended in the middle', async () => {
      await use({ generator: 'turns' });
      world.after = () => {
        throw new Error('gone');
      };
      await expect(rotator.now(path, ann)).rejects.toThrow('gone');
      await rotations.end(path, iso());
      await rotator.sweep();
      world.now += 25 * HOUR;
      await rotator.sweep();
      expect(world.retired).toEqual(['all but turn-1']);
      expect(world.written).toHaveLength(1);
    });

    it('lets the value before work by a new overlap from when it was replaced, and says how where it must not wait', async () => {
      const settings = { server: 'main', note: 'of the shop' };
      const window = { from: '02:00', to: '04:00' };
      await use({ generator: 'turns', settings, window });
      await rotator.now(path, ann);
      world.now += HOUR;
      await use({ generator: 'turns', settings, overlapHours: 3 });
      expect(await known()).toMatchObject({ retiresAt: iso(2 * HOUR) });
      await use({ generator: 'turns', settings, window, overlapHours: 48 });
      expect(await known()).toMatchObject({ retiresAt: iso(47 * HOUR) });
      await expect(rotator.now(path, ann)).rejects.toThrow(
        "platform secrets rotate cart/SESSION_KEY --env staging --every 30d --window 02:00-04:00 --generator turns --set server=main --set 'note=of the shop' --overlap 0h",
      );
      world.now += 61_000;
      await use({ generator: 'turns', settings, overlapHours: 0 });
      await rotator.sweep();
      expect(world.retired).toEqual(['all but turn-1']);
      await rotator.now(path, ann);
      expect(world.written).toHaveLength(2);
    });

    it('leaves nothing to do of what was ended once the value before has ended', async () => {
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      await rotations.end(path, iso());
      world.now += 25 * HOUR;
      await rotator.sweep();
      expect(world.retired).toHaveLength(1);
      expect(await rotations.claim(iso(400 * DAY), iso(), 20)).toEqual([]);
    });

    it('is not due, so that nobody takes it for overdue, while the value before still works', async () => {
      // 2027-01-15, 08:00 in UTC; nine hours after that it would be due.
      const nightly = { cron: '0 17 * * *', everyDays: undefined };
      await use({ ...nightly, generator: 'turns', overlapHours: 23 }, iso(DAY));
      await rotator.now(path, ann);
      expect(await known()).toMatchObject({
        ...{ retiresAt: iso(23 * HOUR), dueAt: '2027-01-16T17:00:00.000Z' },
      });
      for (let hours = 0; hours < 23; hours++) {
        world.now += HOUR;
        await rotator.sweep();
        expect(await known()).toMatchObject({ overdue: false });
      }
      await rotator.sweep();
      expect(world.retired).toHaveLength(1);
      expect(world.told).toEqual([]);
      world.now = Date.parse('2027-01-16T17:00:00.000Z');
      await rotator.sweep();
      expect(world.written).toHaveLength(2);
      // Nor where a new rule would have it due before.
      const asked: string[] = [];
      const longer = { ...nightly, generator: 'turns', overlapHours: 30 };
      await use(longer, iso(HOUR), endsAt => {
        asked.push(endsAt);
        return iso(31 * HOUR);
      });
      expect(asked).toEqual([iso(30 * HOUR)]);
      expect(await known()).toMatchObject({
        ...{ retiresAt: iso(30 * HOUR), dueAt: iso(31 * HOUR) },
      });
    });

    it('is not looked at again and again where it is due before the value before ends', async () => {
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      await use({ generator: 'turns', overlapHours: 23 }, iso(HOUR));
      world.now += 2 * HOUR;
      const claim = jest.spyOn(rotations, 'claim');
      await rotator.sweep();
      expect(claim).toHaveBeenCalledTimes(2);
    });

    it('ends the value before of a key that was deleted since', async () => {
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      world.readable = false;
      world.now += 24 * HOUR;
      await rotator.sweep();
      expect(world.retired).toEqual(['first']);
      expect(await known()).not.toHaveProperty('retiresAt');
    });

    it('ends nothing of a deleted key whose last value somebody set by hand, until it is put back', async () => {
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      world.somebodySets({ value: 'by hand' });
      world.readable = false;
      world.now += 24 * HOUR;
      await rotator.sweep();
      expect([world.retired, world.told]).toEqual([[], []]);
      expect(await known()).toMatchObject({ waiting: true });
      world.readable = true;
      world.now += 600_000;
      await rotator.sweep();
      expect(world.retired).toEqual(['all but by hand']);
    });

    it.each([
      [
        'tells what may still work',
        ...(['by hand', undefined] as const),
        ['version 1 and version 2 may still work'],
      ],
      [
        'tells nothing of what was put back',
        ...(['turn-1', undefined] as const),
        ['version 1 may still work'],
      ],
      [
        'has nothing to tell that has ended',
        ...(['by hand', 'Nobody is let in by it.'] as const),
        [],
      ],
    ])(
      '%s once the time of the value before is over, where somebody set another by hand meanwhile',
      async (_, value, why, words) => {
        world.over = () => why;
        await use({ generator: 'turns' });
        await rotator.now(path, ann);
        world.somebodySets({ value });
        world.now += 24 * HOUR;
        await rotator.sweep();
        expect(world.retired).toEqual([`all but ${value}`]);
        expect(world.told).toEqual(
          words.map(
            one =>
              `SESSION_KEY is left: Another value was set by hand, as version 3, and ${one}.`,
          ),
        );
        expect(await known()).not.toHaveProperty('retiresAt');
      },
    );

    it('ends the value before when somebody asks, says what still uses it, and is not put off by asking', async () => {
      await use({ generator: 'turns', overlapHours: 0 });
      await rotator.now(path, ann);
      world.now += 1_000;
      world.behind = 'Deployment cart still restarts.';
      for (let count = 0; count < 30; count++) {
        world.now += 5_000;
        await expect(rotator.now(path, ann)).rejects.toThrow(
          'Programs still use the value of',
        );
      }
      world.behind = undefined;
      await rotator.sweep();
      expect(world.retired).toEqual(['all but turn-1']);
      await rotator.now(path, ann);
      expect(world.written).toHaveLength(2);
      // Where nobody swept since, whoever asks need not wait for it.
      world.now += 1_000;
      await rotator.now(path, ann);
      expect(world.retired).toEqual(['all but turn-1', 'all but turn-2']);
      expect(world.written).toHaveLength(3);
    });
  },
);
