import { TestDatabases } from '@backstage/backend-test-utils';
import { DAY, HOUR, path, Rotating } from '../../__testUtils__/Rotating';
import { RotationStore } from '../../database/RotationStore';
import { otherGenerator } from './refusals';
import { Rotator } from './Rotator';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'choosing another generator, in %s',
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

    it('keeps its generator until that has ended the value before, and says how where it must not wait', async () => {
      const settings = { server: 'main' };
      expect(await use({ generator: 'turns', settings })).toBeUndefined();
      world.now += 30 * DAY;
      await rotator.sweep();
      expect(world.written).toHaveLength(1);
      for (const other of [
        { generator: 'random' },
        { generator: 'turns', settings: { server: 'other' } },
      ]) {
        const unfinished = await use(other);
        expect(unfinished).toMatchObject({ rule: { generator: 'turns' } });
        if (!unfinished) throw new Error('It was set.');
        const { message } = otherGenerator(path, unfinished);
        expect(message).toContain(`works until ${iso(DAY)}`);
        expect(message).toMatch(
          /--generator turns --set server=main --overlap 0h/,
        );
      }
      expect(await known()).toMatchObject({ generator: 'turns', settings });
      // Also where it was stopped meanwhile.
      await rotations.end(path, iso());
      expect(await use({ generator: 'random' })).toBeDefined();
      expect(await use({ generator: 'turns', settings })).toBeUndefined();
      world.now += DAY + 1;
      await rotator.sweep();
      expect(world.retired).toEqual(['all but turn-1']);
      expect(await use({ generator: 'random' })).toBeUndefined();
      expect(await known()).toMatchObject({ generator: 'random' });
    });

    it('takes another generator from a worker that has not begun, and from none that has', async () => {
      const [held] = await rotations.claim(iso(), iso(HOUR), 1);
      expect(await use({ generator: 'turns', settings: {} })).toBeUndefined();
      const times = { now: iso(), until: iso(HOUR) };
      expect(await rotations.begin(held, 1, times)).toBe(false);
      const [next] = await rotations.claim(iso(), iso(HOUR), 1);
      expect(await rotations.begin(next, 1, times)).toBe(true);
      const unfinished = await use({ generator: 'random' });
      if (!unfinished) throw new Error('It was set.');
      expect(otherGenerator(path, unfinished).message).toMatch(
        /is being replaced at this moment/,
      );
    });

    it('takes another rule from a generator that ends nothing, whatever it is at', async () => {
      const [held] = await rotations.claim(iso(), iso(HOUR), 1);
      const times = { now: iso(), until: iso(HOUR) };
      expect(await rotations.begin(held, 1, times)).toBe(true);
      world.version = 2;
      expect(await use({ generator: 'turns' })).toBeUndefined();
      expect(await rotations.done(held, { at: iso(), dueAt: iso() })).toBe(
        false,
      );
      await rotator.sweep();
      // What the one before wrote is not for the new one to end.
      expect(await known()).toMatchObject({ generator: 'turns' });
      expect(await known()).not.toHaveProperty('retiresAt');
      world.now += 30 * DAY;
      await rotator.sweep();
      expect(world.written.map(one => one.value.reveal())).toEqual(['turn-2']);
    });

    it('takes other settings where the generator failed by those before and wrote nothing', async () => {
      await use({ generator: 'turns', settings: { server: 'typo' } });
      world.before = () => {
        throw new Error('There is no server "typo".');
      };
      world.now += 30 * DAY;
      await rotator.sweep();
      expect(await known()).toHaveProperty('problem');
      world.before = () => {};
      const settings = { server: 'main' };
      expect(
        await use({ generator: 'turns', settings }, iso()),
      ).toBeUndefined();
      expect(await known()).toMatchObject({ settings });
      expect(await known()).not.toHaveProperty('problem');
      await rotator.sweep();
      expect(world.written.map(one => one.value.reveal())).toEqual(['turn-1']);
    });

    it('says how another generator is chosen where the one before failed and somebody set a value since, and that works', async () => {
      await use({ generator: 'turns' });
      world.before = () => {
        throw new Error('The server is gone.');
      };
      world.now += 30 * DAY;
      await rotator.sweep();
      world.before = () => {};
      world.somebodySets({ version: 2 });
      const unfinished = await use({ generator: 'random' });
      if (!unfinished) throw new Error('It was set.');
      expect(otherGenerator(path, unfinished).message).toMatch(
        /by the generator "turns".*platform secrets rotate cart\/SESSION_KEY --env staging --stop$/,
      );
      await rotations.end(path, iso());
      await rotator.sweep();
      expect(await use({ generator: 'random' })).toBeUndefined();
      await rotator.sweep();
      expect(await known()).toMatchObject({ generator: 'random' });
    });
  },
);
