import { TestDatabases } from '@backstage/backend-test-utils';
import { ann, DAY, HOUR, path, Rotating } from '../../__testUtils__/Rotating';
import { RotationStore } from '../../database/RotationStore';
import { Rotator } from './Rotator';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'putting back a value that was replaced, in %s',
  (...ids) => {
    let world: Rotating;
    let logger: Rotating['logger'];
    let rotations: RotationStore;
    let rotator: Rotator;
    const iso = (ms?: number) => world.iso(ms);
    const known = () => world.known();
    const use = (...how: Parameters<Rotating['use']>) => world.use(...how);

    beforeEach(async () => {
      world = await Rotating.begin(databases, ids[0]);
      ({ logger, rotations, rotator } = world);
    });

    it('lets no value be put back that was ended, and says what to do instead', async () => {
      world.version = 2;
      // One that nobody ends can always be put back.
      world.over = () => 'Nobody is let in by it.';
      await rotator.requireWorking(path, 1);
      await use({ generator: 'turns' });
      await expect(rotator.requireWorking(path, 1)).rejects.toThrow(
        'Version 1 of SESSION_KEY in staging was replaced, and has ended since: Nobody is let in by it. Nothing was changed. Have it replaced by a new one: platform secrets rotate cart/SESSION_KEY --env staging. Or set one that works.',
      );
      world.over = () => {
        throw new Error('It does not answer.');
      };
      await rotator.requireWorking(path, 1);
      expect(logger.warn).toHaveBeenCalledWith(
        expect.stringContaining('It does not answer.'),
      );
    });

    it('lets none be put back that was ended either where the key is replaced no longer, and has it replaced by nothing', async () => {
      world.over = () => 'Nobody is let in by it.';
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      const refusal =
        'Version 1 of SESSION_KEY in staging was replaced, and has ended since: Nobody is let in by it. Nothing was changed. Set one that works.';
      await rotations.end(path, iso());
      await expect(rotator.requireWorking(path, 1)).rejects.toThrow(refusal);
      world.now += 25 * HOUR;
      await rotator.sweep();
      expect(world.retired).toEqual(['all but turn-1']);
      await expect(rotator.requireWorking(path, 1)).rejects.toThrow(refusal);
      expect(await known()).toBeUndefined();
      expect(await rotations.counts(iso(), iso(DAY))).toEqual([]);
      expect(await rotations.end(path, iso())).toBe(false);
      expect(await rotator.now(path, ann)).toBeUndefined();
    });

    it('lets none be put back that was ended by what replaced the key before something else did', async () => {
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      world.now += 25 * HOUR;
      await rotator.sweep();
      await use({});
      await rotator.now(path, ann);
      expect(world.makers.map(({ generator }) => generator)).toEqual([
        ...['turns', 'random'],
      ]);
      world.over = () => 'Nobody is let in by it.';
      await expect(rotator.requireWorking(path, 1)).rejects.toThrow(
        'Version 1 of SESSION_KEY in staging was replaced, and has ended since: Nobody is let in by it.',
      );
    });

    it('lets any be put back where nobody knows any more what ended it', async () => {
      await use({ generator: 'gone' });
      await rotations.end(path, iso());
      await rotator.requireWorking(path, 1);
      expect(logger.warn).toHaveBeenCalledWith(
        expect.stringContaining('there is no generator of that name'),
      );
    });
  },
);
