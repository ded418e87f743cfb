import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import { SecretValue } from '@highroad/plugin-platform-common';
import { RotationRule } from '@highroad/plugin-secrets-common';
import { SecretGenerator } from '@highroad/plugin-secrets-node';
import { RotationStore } from '../../database/RotationStore';
import { Authorship, Maker } from '../../database/VersionStore';
import { gaugesText } from '@highroad/plugin-platform-node';
import { Recorder } from '../Recorder';
import { secretGauges } from '../secretGauges';
import { Entry } from '../SecretService';
import { Generators } from './Generators';
import { randomGenerator } from './randomGenerator';
import { otherGenerator } from './refusals';
import { Rotator } from './Rotator';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const path = {
  service: 'component:default/cart',
  environment: 'staging',
  key: 'SESSION_KEY',
};
const ann = { actor: 'user:default/ann' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const rule: RotationRule = {
  everyDays: 30,
  timeZone: 'UTC',
  generator: 'random',
  settings: { length: 24, alphabet: 'hex' },
  overlapHours: 24,
};

describe.each(databases.eachSupportedId())('rotating, in %s', (...ids) => {
  const logger = mockServices.logger.mock();
  let now: number;
  let written: Entry[];
  let version: number;
  let readable: boolean;
  let there: boolean;
  let authors: Authorship[];
  let makers: Maker[];
  let told: string[];
  let retired: string[];
  let recorded: string[];
  let behind: string | undefined;
  let before: () => void;
  let after: () => void;
  let retire: () => void;
  let over: () => string | undefined;
  let confirm: () => void;
  let rotations: RotationStore;
  let rotator: Rotator;
  let generators: Generators;
  const iso = (ms = 0) => new Date(now + ms).toISOString();
  const known = async () => (await rotations.list(path.service, iso()))[0];
  const use = (
    change: Partial<RotationRule>,
    dueAt = iso(30 * DAY),
    dueAfter: (endsAt: string) => string = () => dueAt,
  ) =>
    rotations.set(
      path,
      { ...rule, ...change },
      {
        ...{ now: iso(), dueAt, dueAfter, newest: version },
        ends: name => generators.ends(name),
      },
    );
  /** Values `turn-1`, `turn-2` …, of which the one before goes on working. */
  const turns: SecretGenerator = {
    accept: settings => settings,
    make: async () => new SecretValue(`turn-${version}`),
    async retire({ current, before: replaced }) {
      retire();
      retired.push(
        current ? `all but ${current.reveal()}` : `${replaced?.reveal()}`,
      );
    },
    whyOver: async () => over(),
    confirm: async () => confirm(),
  };
  /** Fails with a value in its words. */
  const talks: SecretGenerator = {
    accept: settings => settings,
    make: async ({ current }) => {
      throw new Error(
        `"${current?.reveal()}" was refused by https://cart:pw-4711@api.test/`,
      );
    },
  };

  beforeEach(async () => {
    const db = await databases.init(ids[0]);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    jest.clearAllMocks();
    now = 1_800_000_000_000;
    [written, authors, told, retired, recorded] = [[], [], [], [], []];
    makers = [];
    version = 1;
    readable = true;
    there = true;
    behind = undefined;
    before = () => {};
    after = () => {};
    retire = () => {};
    over = () => undefined;
    confirm = () => {};
    rotations = new RotationStore(db);
    generators = new Generators();
    generators.addGenerator('random', randomGenerator);
    generators.addGenerator('turns', turns);
    generators.addGenerator('talks', talks);
    rotator = new Rotator({
      ...{ generators, logger, rotations },
      now: () => new Date(now),
      alerts: {
        async failed({ key }, problem) {
          told.push(`${key}: ${problem}`);
        },
        async due({ key }, from) {
          told.push(`${key} from ${from.toISOString()}`);
        },
        async left({ key }, problem) {
          told.push(`${key} is left: ${problem}`);
        },
      },
      followers: { behind: async () => behind },
      isThere: async () => there,
      recorder: new Recorder({
        auditor: {
          createEvent: async ({ eventId }) => {
            recorded.push(eventId);
            return { success: async () => {}, fail: async () => {} };
          },
        },
      }),
      secrets: {
        bring: async () => [],
        async set(_service, _environments, entries, by) {
          const { actor, how, maker } = by;
          before();
          written.push(...entries);
          version += 1;
          after();
          authors.push({ key: path.key, version, actor, how, at: iso() });
          if (maker) makers.push(maker);
          return { changes: [], sync: [], leftOut: [] };
        },
      },
      vault: {
        facts: async () => ({
          ...{ version, readable },
          versions: Array.from({ length: version }, (_, at) => ({
            ...{ version: at + 1, at: iso() },
            state: at + 1 < version || readable ? 'readable' : 'deleted',
          })),
        }),
        read: async (_, __, wanted = version) => ({
          value: written[wanted - 2]?.value ?? new SecretValue('first'),
          ...{ encoding: 'text', version: wanted },
        }),
      },
      versions: {
        author: async ({ key }, which) =>
          authors.find(
            one => one.key === key && one.version === which?.version,
          ),
        makers: async () => makers,
      },
    });
    await use({});
  });

  it('replaces a value when it is due, and not before', async () => {
    await rotator.sweep();
    expect(written).toEqual([]);
    now += 30 * DAY;
    await rotator.sweep();
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect(written[0].value.reveal()).toMatch(/^[0-9a-f]{24}$/);
    expect(written[0].ifVersion).toBe(1);
    expect(await known()).toMatchObject({
      ...{ dueAt: iso(30 * DAY), lastAt: iso(), overdue: false },
    });
    expect(await known()).not.toHaveProperty('retiresAt');
    now += 30 * DAY;
    await rotator.sweep();
    expect(written[1].value.reveal()).not.toBe(written[0].value.reveal());
  });

  it('keeps the old value where it fails, tells it, and tries again', async () => {
    before = () => {
      throw new Error('Vault is sealed.');
    };
    now += 31 * DAY;
    await rotator.sweep();
    expect(written).toEqual([]);
    expect(await known()).toMatchObject({
      ...{ overdue: true, problem: 'Vault is sealed.' },
    });
    expect(logger.error).toHaveBeenCalledWith(
      expect.stringContaining('staging/cart/SESSION_KEY could not be rotated'),
    );
    expect(told).toEqual(['SESSION_KEY: Vault is sealed.']);
    before = () => {};
    now += 11_000;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect((await known()).problem).toBeUndefined();
  });

  it('tells of a generator that fails with a value in its words all but that', async () => {
    await use({ generator: 'talks' });
    const problem = '"[redacted]" was refused by https://[redacted]@api.test/';
    await expect(rotator.now(path, ann)).rejects.toThrow(problem);
    now += 30 * DAY;
    await rotator.sweep();
    expect(told).toEqual([`SESSION_KEY: ${problem}`]);
    expect((await known()).problem).toBe(problem);
    const logged = JSON.stringify(logger.error.mock.calls);
    expect(logged).toContain('was refused by');
    expect(logged).not.toMatch(/pw-4711|first/);
  });

  it('replaces also what somebody set by hand after a try that failed', async () => {
    before = () => {
      throw new Error('Vault is sealed.');
    };
    now += 30 * DAY;
    await rotator.sweep();
    before = () => {};
    version = 2;
    authors.push({
      key: path.key,
      version,
      actor: 'ann',
      how: 'set',
      at: iso(),
    });
    now += 11_000;
    await rotator.sweep();
    expect(written.map(one => one.ifVersion)).toEqual([2]);
  });

  it('tells that somebody set it meanwhile, whatever the generator says of what they set', async () => {
    await use({ generator: 'turns' });
    before = () => {
      throw new ConflictError('SESSION_KEY is at version 2, not 1.');
    };
    confirm = () => {
      throw new Error('The value has to be an address.');
    };
    await expect(rotator.now(path, ann)).rejects.toThrow('at version 2, not 1');
    now += 30 * DAY;
    await rotator.sweep();
    expect((await known()).problem).toBe('SESSION_KEY is at version 2, not 1.');
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('The value has to be an address.'),
    );
  });

  it('makes no second value where a process was gone after it wrote one', async () => {
    after = () => {
      throw new Error('gone');
    };
    now += 30 * DAY;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    after = () => {};
    now += 121_000;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect((await known()).overdue).toBe(false);
  });

  it.each([
    ['and had said who it was', true],
    ['before it said who it was', false],
  ])(
    'answers with the value that is there where a process was gone after it wrote it %s, and somebody asks again',
    async (_, said) => {
      await use({ generator: 'turns' });
      after = () => {
        if (said) {
          authors.push({
            key: path.key,
            version,
            actor: 'ann',
            how: 'rotate',
            at: iso(),
          });
        }
        throw new Error('gone');
      };
      await expect(rotator.now(path, ann)).rejects.toThrow();
      after = () => {};
      const { environment, key } = path;
      expect(await rotator.now(path, ann)).toEqual({
        changes: [{ environment, key, outcome: 'set', version: 2 }],
        ...{ sync: [], leftOut: [] },
      });
      expect(written).toHaveLength(1);
      expect(await known()).toMatchObject({ retiresAt: iso(24 * HOUR) });
    },
  );

  it('finishes within a minute what somebody asked for and no process brought to its end', async () => {
    await use({ generator: 'turns' });
    after = () => {
      throw new Error('gone');
    };
    await expect(rotator.now(path, ann)).rejects.toThrow('gone');
    after = () => {};
    now += 61_000;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect(await known()).toMatchObject({
      ...{ lastAt: iso(), dueAt: iso(30 * DAY), retiresAt: iso(24 * HOUR) },
    });
    expect(told).toEqual([]);
  });

  it.each([
    ['nothing was written', 1],
    ['somebody set another value meanwhile', 2],
  ])(
    'writes nothing by itself before it is due where %s when somebody asked',
    async (_, newest) => {
      await use({ generator: 'turns' });
      const { dueAt } = await known();
      before = () => {
        throw new Error('Vault is sealed.');
      };
      await expect(rotator.now(path, ann)).rejects.toThrow();
      before = () => {};
      version = newest;
      authors.push({
        key: path.key,
        version,
        actor: 'jo',
        how: 'set',
        at: iso(),
      });
      now += 61_000;
      await rotator.sweep();
      await rotator.sweep();
      expect(written).toEqual([]);
      expect(await known()).toMatchObject({ dueAt, overdue: false });
      now = Date.parse(dueAt);
      await rotator.sweep();
      expect(written.map(one => one.ifVersion)).toEqual([newest]);
    },
  );

  it('makes nothing for a service or an environment that is there no longer, and replaces it when it is again', async () => {
    there = false;
    now += 31 * DAY;
    await rotator.sweep();
    expect([written, told]).toEqual([[], []]);
    expect(await known()).toMatchObject({ waiting: true, overdue: false });
    there = true;
    now += 11 * 60_000;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect(await known()).not.toHaveProperty('waiting');
  });

  it('lets no value be put back that was ended, and says what to do instead', async () => {
    version = 2;
    // One that nobody ends can always be put back.
    over = () => 'Nobody is let in by it.';
    await rotator.requireWorking(path, 1);
    await use({ generator: 'turns' });
    await expect(rotator.requireWorking(path, 1)).rejects.toThrow(
      'Version 1 of SESSION_KEY in staging was replaced, and has ended since: Nobody is let in by it. Nothing was changed. Have it replaced by a new one: platform secrets rotate cart/SESSION_KEY --env staging. Or set one that works.',
    );
    over = () => {
      throw new Error('It does not answer.');
    };
    await rotator.requireWorking(path, 1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('It does not answer.'),
    );
  });

  it('lets none be put back that was ended either where the key is replaced no longer, and has it replaced by nothing', async () => {
    over = () => 'Nobody is let in by it.';
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    const refusal =
      'Version 1 of SESSION_KEY in staging was replaced, and has ended since: Nobody is let in by it. Nothing was changed. Set one that works.';
    await rotations.end(path, iso());
    await expect(rotator.requireWorking(path, 1)).rejects.toThrow(refusal);
    now += 25 * HOUR;
    await rotator.sweep();
    expect(retired).toEqual(['all but turn-1']);
    await expect(rotator.requireWorking(path, 1)).rejects.toThrow(refusal);
    expect(await known()).toBeUndefined();
    expect(await rotations.counts(iso(), iso(DAY))).toEqual([]);
    expect(await rotations.end(path, iso())).toBe(false);
    expect(await rotator.now(path, ann)).toBeUndefined();
  });

  it('lets none be put back that was ended by what replaced the key before something else did', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    now += 25 * HOUR;
    await rotator.sweep();
    await use({});
    await rotator.now(path, ann);
    expect(makers.map(({ generator }) => generator)).toEqual([
      ...['turns', 'random'],
    ]);
    over = () => 'Nobody is let in by it.';
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

  it('is one worker’s, and ends when it is ended', async () => {
    now += 30 * DAY;
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
    now += DAY;
    await rotator.sweep();
    expect(written).toEqual([]);
  });

  it('ends the value before when its time is over and no program uses it any more', async () => {
    await use({ generator: 'turns' });
    now += 30 * DAY;
    await rotator.sweep();
    expect(await known()).toMatchObject({ retiresAt: iso(24 * HOUR) });
    now += 23 * HOUR;
    await rotator.sweep();
    expect(retired).toEqual([]);
    now += HOUR;
    behind = 'Deployment cart still restarts.';
    await rotator.sweep();
    expect(retired).toEqual([]);
    behind = undefined;
    now += 61_000;
    await rotator.sweep();
    await rotator.sweep();
    expect(retired).toEqual(['all but turn-1']);
    expect(await known()).not.toHaveProperty('retiresAt');
    now += 29 * DAY;
    await rotator.sweep();
    expect(written.map(one => one.value.reveal())).toEqual([
      'turn-1',
      'turn-2',
    ]);
  });

  it('tells what keeps it from being replaced again where programs still use the value before', async () => {
    await use({ generator: 'turns' });
    now += 30 * DAY;
    await rotator.sweep();
    now += 24 * HOUR;
    behind = 'Deployment cart still restarts.';
    await rotator.sweep();
    expect(told).toEqual([]);
    now += 29 * DAY + HOUR;
    await rotator.sweep();
    const problem =
      'Programs still use the value before the last: Deployment cart still restarts.';
    expect(told).toEqual([`SESSION_KEY: ${problem}`]);
    expect(await known()).toMatchObject({ overdue: true, problem });
    await rotator.sweep();
    expect(told).toHaveLength(1);
    behind = undefined;
    now += 11_000;
    await rotator.sweep();
    await rotator.sweep();
    expect(retired).toEqual(['all but turn-1']);
    expect(written).toHaveLength(2);
    expect((await known()).problem).toBeUndefined();
  });

  it('ends the value before also where it is no longer to be replaced, in its time', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    await rotations.end(path, iso());
    expect(await known()).toBeUndefined();
    await rotator.sweep();
    expect(retired).toEqual([]);
    now += 24 * HOUR;
    await rotator.sweep();
    expect(retired).toEqual(['all but turn-1']);
    now += 400 * DAY;
    await rotator.sweep();
    await use({ generator: 'turns' });
    expect(written).toHaveLength(1);
    // What was to be ended is forgotten with it.
    expect(await known()).not.toHaveProperty('lastAt');
  });

  it('gives up on a value before that cannot be ended where it is no longer to be replaced, and tells that it may still work', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    await rotations.end(path, iso());
    retire = () => {
      throw new Error('The server is gone.');
    };
    now += 24 * HOUR;
    for (let times = 0; times < 100; times++) {
      await rotator.sweep();
      now += HOUR;
    }
    expect(told.slice(0, 2)).toEqual([
      'SESSION_KEY: The server is gone.',
      'SESSION_KEY: The server is gone.',
    ]);
    expect(told.at(-1)).toBe('SESSION_KEY is left: The server is gone.');
    expect(told).toHaveLength(50);
  });

  it('tells at once that a value before may still work where its key is deleted and nothing says which it was', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    version += 1;
    authors.push({
      key: path.key,
      version,
      actor: 'jo',
      how: 'set',
      at: iso(),
    });
    readable = false;
    await rotations.end(path, iso());
    now += 24 * HOUR;
    await rotator.sweep();
    expect(told).toEqual([
      'SESSION_KEY is left: The key is deleted, and was set by hand before.',
    ]);
    now += DAY;
    await rotator.sweep();
    expect(told).toHaveLength(1);
  });

  it('ends what was written when it was ended in the middle', async () => {
    await use({ generator: 'turns' });
    after = () => {
      throw new Error('gone');
    };
    await expect(rotator.now(path, ann)).rejects.toThrow('gone');
    await rotations.end(path, iso());
    await rotator.sweep();
    now += 25 * HOUR;
    await rotator.sweep();
    expect(retired).toEqual(['all but turn-1']);
    expect(written).toHaveLength(1);
  });

  it('lets the value before work by a new overlap from when it was replaced, and says how where it must not wait', async () => {
    const settings = { server: 'main', note: 'of the shop' };
    const window = { from: '02:00', to: '04:00' };
    await use({ generator: 'turns', settings, window });
    await rotator.now(path, ann);
    now += HOUR;
    await use({ generator: 'turns', settings, overlapHours: 3 });
    expect(await known()).toMatchObject({ retiresAt: iso(2 * HOUR) });
    await use({ generator: 'turns', settings, window, overlapHours: 48 });
    expect(await known()).toMatchObject({ retiresAt: iso(47 * HOUR) });
    await expect(rotator.now(path, ann)).rejects.toThrow(
      "platform secrets rotate cart/SESSION_KEY --env staging --every 30d --window 02:00-04:00 --generator turns --set server=main --set 'note=of the shop' --overlap 0h",
    );
    now += 61_000;
    await use({ generator: 'turns', settings, overlapHours: 0 });
    await rotator.sweep();
    expect(retired).toEqual(['all but turn-1']);
    await rotator.now(path, ann);
    expect(written).toHaveLength(2);
  });

  it('keeps its generator until that has ended the value before, and says how where it must not wait', async () => {
    const settings = { server: 'main' };
    expect(await use({ generator: 'turns', settings })).toBeUndefined();
    now += 30 * DAY;
    await rotator.sweep();
    expect(written).toHaveLength(1);
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
    now += DAY + 1;
    await rotator.sweep();
    expect(retired).toEqual(['all but turn-1']);
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
    version = 2;
    expect(await use({ generator: 'turns' })).toBeUndefined();
    expect(await rotations.done(held, { at: iso(), dueAt: iso() })).toBe(false);
    await rotator.sweep();
    // What the one before wrote is not for the new one to end.
    expect(await known()).toMatchObject({ generator: 'turns' });
    expect(await known()).not.toHaveProperty('retiresAt');
    now += 30 * DAY;
    await rotator.sweep();
    expect(written.map(one => one.value.reveal())).toEqual(['turn-2']);
  });

  it('takes other settings where the generator failed by those before and wrote nothing', async () => {
    await use({ generator: 'turns', settings: { server: 'typo' } });
    before = () => {
      throw new Error('There is no server "typo".');
    };
    now += 30 * DAY;
    await rotator.sweep();
    expect(await known()).toHaveProperty('problem');
    before = () => {};
    const settings = { server: 'main' };
    expect(await use({ generator: 'turns', settings }, iso())).toBeUndefined();
    expect(await known()).toMatchObject({ settings });
    expect(await known()).not.toHaveProperty('problem');
    await rotator.sweep();
    expect(written.map(one => one.value.reveal())).toEqual(['turn-1']);
  });

  it('says how another generator is chosen where the one before failed and somebody set a value since, and that works', async () => {
    await use({ generator: 'turns' });
    before = () => {
      throw new Error('The server is gone.');
    };
    now += 30 * DAY;
    await rotator.sweep();
    before = () => {};
    version = 2;
    authors.push({
      key: path.key,
      version,
      actor: 'jo',
      how: 'set',
      at: iso(),
    });
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

  it('records what another process wrote and did not live to record', async () => {
    await use({ generator: 'turns' });
    now += 30 * DAY;
    after = () => {
      throw new Error('gone');
    };
    await rotator.sweep();
    expect(recorded).toEqual(['rotate']);
    after = () => {};
    now += 121_000;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect(recorded).toEqual(['rotate', 'rotate']);
  });

  it('leaves nothing to do of what was ended once the value before has ended', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    await rotations.end(path, iso());
    now += 25 * HOUR;
    await rotator.sweep();
    expect(retired).toHaveLength(1);
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
      now += HOUR;
      await rotator.sweep();
      expect(await known()).toMatchObject({ overdue: false });
    }
    await rotator.sweep();
    expect(retired).toHaveLength(1);
    expect(told).toEqual([]);
    now = Date.parse('2027-01-16T17:00:00.000Z');
    await rotator.sweep();
    expect(written).toHaveLength(2);
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
    now += 2 * HOUR;
    const claim = jest.spyOn(rotations, 'claim');
    await rotator.sweep();
    expect(claim).toHaveBeenCalledTimes(2);
  });

  it('leaves a key deleted, however long it is due, and goes on when it is put back', async () => {
    const window = { from: '02:00', to: '04:00' };
    await use({ generator: 'talks', window }, iso(DAY));
    readable = false;
    now += DAY;
    await rotator.sweep();
    now += 400 * DAY;
    await rotator.sweep();
    expect(written).toEqual([]);
    expect(told).toEqual([]);
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
    readable = true;
    now += 600_000;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect(await known()).not.toHaveProperty('waiting');
  });

  it('ends the value before of a key that was deleted since', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    readable = false;
    now += 24 * HOUR;
    await rotator.sweep();
    expect(retired).toEqual(['first']);
    expect(await known()).not.toHaveProperty('retiresAt');
  });

  it('ends nothing of a deleted key whose last value somebody set by hand, until it is put back', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    version += 1;
    authors.push({
      key: path.key,
      version,
      actor: 'jo',
      how: 'set',
      at: iso(),
    });
    written.push({
      ...{ key: path.key, value: new SecretValue('by hand') },
      encoding: 'text',
    });
    readable = false;
    now += 24 * HOUR;
    await rotator.sweep();
    expect([retired, told]).toEqual([[], []]);
    expect(await known()).toMatchObject({ waiting: true });
    readable = true;
    now += 600_000;
    await rotator.sweep();
    expect(retired).toEqual(['all but by hand']);
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
      over = () => why;
      await use({ generator: 'turns' });
      await rotator.now(path, ann);
      version += 1;
      authors.push({
        key: path.key,
        version,
        actor: 'jo',
        how: 'set',
        at: iso(),
      });
      written.push({
        ...{ key: path.key, value: new SecretValue(value) },
        encoding: 'text',
      });
      now += 24 * HOUR;
      await rotator.sweep();
      expect(retired).toEqual([`all but ${value}`]);
      expect(told).toEqual(
        words.map(
          one =>
            `SESSION_KEY is left: Another value was set by hand, as version 3, and ${one}.`,
        ),
      );
      expect(await known()).not.toHaveProperty('retiresAt');
    },
  );

  it('is done when somebody asks, but not while the value before still works', async () => {
    await use({ generator: 'turns' });
    await rotator.now(path, ann);
    expect(authors).toMatchObject([{ actor: 'user:default/ann' }]);
    const again = rotator.now(path, ann);
    await expect(again).rejects.toThrow(ConflictError);
    await expect(again).rejects.toThrow(iso(24 * HOUR));
    expect(written).toHaveLength(1);
    now += DAY;
    await rotator.sweep();
    await rotator.now(path, ann);
    expect(written).toHaveLength(2);
  });

  it('ends the value before when somebody asks, says what still uses it, and is not put off by asking', async () => {
    await use({ generator: 'turns', overlapHours: 0 });
    await rotator.now(path, ann);
    now += 1_000;
    behind = 'Deployment cart still restarts.';
    for (let count = 0; count < 30; count++) {
      now += 5_000;
      await expect(rotator.now(path, ann)).rejects.toThrow(
        'Programs still use the value of',
      );
    }
    behind = undefined;
    await rotator.sweep();
    expect(retired).toEqual(['all but turn-1']);
    await rotator.now(path, ann);
    expect(written).toHaveLength(2);
    // Where nobody swept since, whoever asks need not wait for it.
    now += 1_000;
    await rotator.now(path, ann);
    expect(retired).toEqual(['all but turn-1', 'all but turn-2']);
    expect(written).toHaveLength(3);
  });

  it('replaces no version but the one that was seen, where somebody asks', async () => {
    version = 2;
    await expect(rotator.now(path, { ...ann, ifVersion: 1 })).rejects.toThrow(
      'SESSION_KEY in staging is at version 2, not 1; it was not changed.',
    );
    expect(written).toEqual([]);
    // Nothing was begun, so nothing is left to finish.
    now += 61_000;
    await rotator.sweep();
    expect(written).toEqual([]);
    await rotator.now(path, { ...ann, ifVersion: 2 });
    expect(written.map(one => one.ifVersion)).toEqual([2]);
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
    now += 17 * HOUR;
    await rotator.sweep();
    expect(written).toEqual([]);
    // Said once, not with each look.
    expect(told).toEqual(['SESSION_KEY from 2027-01-16T02:00:00.000Z']);
    now += HOUR;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect((await known()).dueAt).toBe(iso(30 * DAY));
  });
});
