import { TestDatabases } from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import { gaugesText } from '@highroad/plugin-platform-node';
import {
  ann,
  DAY,
  HOUR,
  path,
  Rotating,
  rule,
} from '../../__testUtils__/Rotating';
import { RotationStore } from '../../database/RotationStore';
import { secretGauges } from '../secretGauges';
import { Rotator } from './Rotator';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('rotating, in %s', (...ids) => {
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

  it('replaces a value when it is due, and not before', async () => {
    await rotator.sweep();
    expect(world.written).toEqual([]);
    world.now += 30 * DAY;
    await rotator.sweep();
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    expect(world.written[0].value.reveal()).toMatch(/^[0-9a-f]{24}$/);
    expect(world.written[0].ifVersion).toBe(1);
    expect(await known()).toMatchObject({
      ...{ dueAt: iso(30 * DAY), lastAt: iso(), overdue: false },
    });
    expect(await known()).not.toHaveProperty('retiresAt');
    world.now += 30 * DAY;
    await rotator.sweep();
    expect(world.written[1].value.reveal()).not.toBe(
      world.written[0].value.reveal(),
    );
  });

  it('keeps the old value where it fails, tells it, and tries again', async () => {
    world.before = () => {
      throw new Error('Vault is sealed.');
    };
    world.now += 31 * DAY;
    await rotator.sweep();
    expect(world.written).toEqual([]);
    expect(await known()).toMatchObject({
      ...{ overdue: true, problem: 'Vault is sealed.' },
    });
    expect(logger.error).toHaveBeenCalledWith(
      expect.stringContaining('staging/cart/SESSION_KEY could not be rotated'),
    );
    expect(world.told).toEqual(['SESSION_KEY: Vault is sealed.']);
    world.before = () => {};
    world.now += 11_000;
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    expect((await known()).problem).toBeUndefined();
  });

  it('tells of a generator that fails with a value in its words all but that', async () => {
    await use({ generator: 'talks' });
    const problem = '"[redacted]" was refused by https://[redacted]@api.test/';
    await expect(rotator.now(path, ann)).rejects.toThrow(problem);
    world.now += 30 * DAY;
    await rotator.sweep();
    expect(world.told).toEqual([`SESSION_KEY: ${problem}`]);
    expect((await known()).problem).toBe(problem);
    const logged = JSON.stringify(logger.error.mock.calls);
    expect(logged).toContain('was refused by');
    expect(logged).not.toMatch(/pw-4711|first/);
  });

  it('replaces also what somebody set by hand after a try that failed', async () => {
    world.before = () => {
      throw new Error('Vault is sealed.');
    };
    world.now += 30 * DAY;
    await rotator.sweep();
    world.before = () => {};
    world.somebodySets({ version: 2, actor: 'ann' });
    world.now += 11_000;
    await rotator.sweep();
    expect(world.written.map(one => one.ifVersion)).toEqual([2]);
  });

  it('tells that somebody set it meanwhile, whatever the generator says of what they set', async () => {
    await use({ generator: 'turns' });
    world.before = () => {
      throw new ConflictError('SESSION_KEY is at version 2, not 1.');
    };
    world.confirm = () => {
      throw new Error('The value has to be an address.');
    };
    await expect(rotator.now(path, ann)).rejects.toThrow('at version 2, not 1');
    world.now += 30 * DAY;
    await rotator.sweep();
    expect((await known()).problem).toBe('SESSION_KEY is at version 2, not 1.');
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('The value has to be an address.'),
    );
  });

  it('makes no second value where a process was gone after it wrote one', async () => {
    world.after = () => {
      throw new Error('gone');
    };
    world.now += 30 * DAY;
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    world.after = () => {};
    world.now += 121_000;
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    expect((await known()).overdue).toBe(false);
  });

  it.each([
    ['and had said who it was', true],
    ['before it said who it was', false],
  ])(
    'answers with the value that is there where a process was gone after it wrote it %s, and somebody asks again',
    async (_, said) => {
      await use({ generator: 'turns' });
      world.after = () => {
        if (said) {
          world.authors.push({
            key: path.key,
            version: world.version,
            actor: 'ann',
            how: 'rotate',
            at: iso(),
          });
        }
        throw new Error('gone');
      };
      await expect(rotator.now(path, ann)).rejects.toThrow();
      world.after = () => {};
      const { environment, key } = path;
      expect(await rotator.now(path, ann)).toEqual({
        changes: [{ environment, key, outcome: 'set', version: 2 }],
        ...{ sync: [], leftOut: [] },
      });
      expect(world.written).toHaveLength(1);
      expect(await known()).toMatchObject({ retiresAt: iso(24 * HOUR) });
    },
  );

  it('finishes within a minute what somebody asked for and no process brought to its end', async () => {
    await use({ generator: 'turns' });
    world.after = () => {
      throw new Error('gone');
    };
    await expect(rotator.now(path, ann)).rejects.toThrow('gone');
    world.after = () => {};
    world.now += 61_000;
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    expect(await known()).toMatchObject({
      ...{ lastAt: iso(), dueAt: iso(30 * DAY), retiresAt: iso(24 * HOUR) },
    });
    expect(world.told).toEqual([]);
  });

  it.each([
    ['nothing was written', 1],
    ['somebody set another value meanwhile', 2],
  ])(
    'writes nothing by itself before it is due where %s when somebody asked',
    async (_, newest) => {
      await use({ generator: 'turns' });
      const { dueAt } = await known();
      world.before = () => {
        throw new Error('Vault is sealed.');
      };
      await expect(rotator.now(path, ann)).rejects.toThrow();
      world.before = () => {};
      world.somebodySets({ version: newest });
      world.now += 61_000;
      await rotator.sweep();
      await rotator.sweep();
      expect(world.written).toEqual([]);
      expect(await known()).toMatchObject({ dueAt, overdue: false });
      world.now = Date.parse(dueAt);
      await rotator.sweep();
      expect(world.written.map(one => one.ifVersion)).toEqual([newest]);
    },
  );

  it('makes nothing for a service or an environment that is there no longer, and replaces it when it is again', async () => {
    world.there = false;
    world.now += 31 * DAY;
    await rotator.sweep();
    expect([world.written, world.told]).toEqual([[], []]);
    expect(await known()).toMatchObject({ waiting: true, overdue: false });
    world.there = true;
    world.now += 11 * 60_000;
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    expect(await known()).not.toHaveProperty('waiting');
  });

  it('is one worker’s, and ends when it is ended', async () => {
    world.now += 30 * DAY;
    const [first, second] = await Promise.all([
      rotations.claim(iso(), iso(120_000), 20),
      rotations.claim(iso(), iso(120_000), 20),
    ]);
    expect(first.length + second.length).toBe(1);
    await expect(rotator.now(path, ann)).rejects.toThrow(
      'is being replaced at this moment',
    );
    expect(await rotations.end(path, iso())).toBe(true);
    expect(await rotations.end(path, iso())).toBe(false);
    expect(await rotator.now(path, ann)).toBeUndefined();
    world.now += DAY;
    await rotator.sweep();
    expect(world.written).toEqual([]);
  });

  it('records what another process wrote and did not live to record', async () => {
    await use({ generator: 'turns' });
    world.now += 30 * DAY;
    world.after = () => {
      throw new Error('gone');
    };
    await rotator.sweep();
    expect(world.recorded).toEqual(['rotate']);
    world.after = () => {};
    world.now += 121_000;
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    expect(world.recorded).toEqual(['rotate', 'rotate']);
  });

  it('leaves a key deleted, however long it is due, and goes on when it is put back', async () => {
    const window = { from: '02:00', to: '04:00' };
    await use({ generator: 'talks', window }, iso(DAY));
    world.readable = false;
    world.now += DAY;
    await rotator.sweep();
    world.now += 400 * DAY;
    await rotator.sweep();
    expect(world.written).toEqual([]);
    expect(world.told).toEqual([]);
    const standing = await known();
    expect(standing).toMatchObject({ waiting: true, overdue: false });
    expect(standing).not.toHaveProperty('problem');
    expect(await rotations.counts(iso(), iso(DAY))).toMatchObject([
      { all: 1, due: 0, overdue: 0, failing: 0 },
    ]);
    await use({ generator: 'random' }, iso());
    expect(await known()).not.toHaveProperty('waiting');
    await rotator.sweep();
    expect(await known()).toMatchObject({ waiting: true });
    world.readable = true;
    world.now += 600_000;
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    expect(await known()).not.toHaveProperty('waiting');
  });

  it('is done when somebody asks, but not while the value before still works', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    expect(world.authors).toMatchObject([{ actor: 'user:default/ann' }]);
    const again = rotator.now(path, ann);
    await expect(again).rejects.toThrow(ConflictError);
    await expect(again).rejects.toThrow(iso(24 * HOUR));
    expect(world.written).toHaveLength(1);
    world.now += DAY;
    await rotator.sweep();
    await rotator.now(path, ann);
    expect(world.written).toHaveLength(2);
  });

  it('replaces no version but the one that was seen, where somebody asks', async () => {
    world.version = 2;
    await expect(rotator.now(path, { ...ann, ifVersion: 1 })).rejects.toThrow(
      'SESSION_KEY in staging is at version 2, not 1; it was not changed.',
    );
    expect(world.written).toEqual([]);
    // Nothing was begun, so nothing is left to finish.
    world.now += 61_000;
    await rotator.sweep();
    expect(world.written).toEqual([]);
    await rotator.now(path, { ...ann, ifVersion: 2 });
    expect(world.written.map(one => one.ifVersion)).toEqual([2]);
  });

  it('is counted for Prometheus: all, due within a day, overdue and failing, without a name of a key', async () => {
    await use({}, iso(-HOUR));
    const others = { ...path, environment: 'production' };
    for (const [key, due] of [
      ['SOON', HOUR],
      ['LATER', 3 * DAY],
    ] as const) {
      await rotations.set({ ...others, key }, rule, {
        ...{ now: iso(), dueAt: iso(due), dueAfter: () => iso(due) },
        ...{ newest: 1, ends: () => false },
      });
    }
    const [held] = await rotations.claim(iso(), iso(HOUR), 20);
    await rotations.failed(held, 'It does not answer.', iso(HOUR));
    const counts = await rotations.counts(iso(), iso(DAY));
    const { service } = path;
    const failing = held.path.environment === 'production' ? 1 : 0;
    expect(counts).toEqual([
      {
        ...{ service, environment: 'production', all: 2, due: 1 },
        ...{ overdue: 0, failing },
      },
      {
        ...{ service, environment: 'staging', all: 1, due: 0, overdue: 1 },
        failing: 1 - failing,
      },
    ]);
    const text = gaugesText(
      secretGauges(counts, [{ service, environment: 'staging', count: 1 }]),
    );
    expect(text).toContain(
      `highroad_secret_rotations_overdue{service="${service}",environment="staging"} 1\n`,
    );
    expect(text).toContain(
      `highroad_secret_rotations_due{service="${service}",environment="production"} 1\n`,
    );
    expect(text).toContain(
      `highroad_secrets_behind{service="${service}",environment="staging"} 1\n`,
    );
    expect(text).not.toMatch(/SOON|LATER|SESSION_KEY/);
  });

  it('waits for its window, also with what was missed', async () => {
    // 2027-01-15, 08:00 in UTC
    await use({ window: { from: '02:00', to: '04:00' } }, iso());
    await rotator.sweep();
    world.now += 17 * HOUR;
    await rotator.sweep();
    expect(world.written).toEqual([]);
    // Said once, not with each look.
    expect(world.told).toEqual(['SESSION_KEY from 2027-01-16T02:00:00.000Z']);
    world.now += HOUR;
    await rotator.sweep();
    expect(world.written).toHaveLength(1);
    expect((await known()).dueAt).toBe(iso(30 * DAY));
  });
});
