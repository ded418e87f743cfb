import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  answeringPortal,
  refusal,
  Reply,
} from '../../__testUtils__/answeringPortal';
import { secretCommands } from '.';

jest.setTimeout(300_000);

/** Somebody who types, at a terminal. */
const typed: string[] = [];
jest.mock('@inquirer/prompts', () => ({
  password: async () => typed.shift(),
}));

const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', namespace: 'default' },
};
const status = {
  ...{ state: 'ready', message: '' },
  environments: [{ name: 'staging', production: false }],
};
const changed = {
  changes: [
    { environment: 'staging', key: 'TOKEN', version: 1, outcome: 'set' },
  ],
  sync: [],
};
const AT = ['cart/TOKEN', '--env', 'staging'];

/** Commands that were run here, by their last word. */
const walked = new Set<string>();

/** Forms in which a value could stand somewhere, so far that each tells it from everything else. */
function formsOf(value: string): string[] {
  const base64 = [0, 1, 2].map(at =>
    Buffer.from(`${'.'.repeat(at)}${value}`)
      .toString('base64')
      .slice(4, 24),
  );
  return [
    value.slice(0, 16),
    ...base64,
    encodeURIComponent(value).slice(0, 18),
    Buffer.from(value).toString('hex').slice(0, 24),
  ];
}

/** The other doors are searched where the portal is: here, it is what the command itself prints, asks for and leaves behind. */
describe('values of secrets, at the command line', () => {
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  let portal: Awaited<ReturnType<typeof answeringPortal>>;
  let home: string;
  let values: string[];
  let printed: string[];

  beforeEach(async () => {
    portal = await answeringPortal();
    home = await mkdtemp(join(tmpdir(), 'highroad-home-'));
    Object.assign(process.env, {
      ...{ HOME: home, HIGHROAD_CACHE: join(home, 'cache') },
      ...{ XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home },
    });
    [values, printed] = [[], []];
  });
  afterEach(async () => {
    Object.defineProperty(process, 'stdin', stdin);
    await portal.close();
    await rm(home, { recursive: true });
  });

  const next = () => {
    const value = `Mk+${randomBytes(12).toString('hex')}/ü"=`;
    values.push(value);
    return value;
  };
  const pipe = (text: string | Buffer) =>
    Object.defineProperty(process, 'stdin', {
      ...{ configurable: true, value: Readable.from([text]) },
    });
  const platform = async (answers: Reply[], ...argv: string[]) => {
    walked.add(argv[0]);
    portal.answers.splice(0, Infinity, ...answers);
    const result = await portal.platform('secrets', ...argv);
    printed.push(result.stdout, result.stderr);
    return result;
  };
  /** What the command printed, where it asked, and what it left on the disk, as far as a value stands in it. */
  const found = async () => {
    const names = await readdir(home, { recursive: true });
    const files = await Promise.all(
      names.map(name =>
        readFile(join(home, name), 'latin1').catch(error => {
          if (error.code === 'EISDIR') return '';
          throw error;
        }),
      ),
    );
    const places = {
      printed: printed.join('\n'),
      addresses: portal.asked.map(({ what }) => what).join('\n'),
      files: files.join('\n'),
    };
    return Object.entries(places).flatMap(([where, text]) =>
      values.some(value => formsOf(value).some(form => text.includes(form)))
        ? [where]
        : [],
    );
  };

  it('are sent in bodies, and stand nowhere else, whatever the portal answers', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'highroad-env-'));
    const doors: Array<() => Promise<string[]> | string[]> = [
      () => {
        pipe(`${next()}\n`);
        return ['set', ...AT];
      },
      () => ['set', AT[0], next(), '--env', 'staging'],
      () => {
        pipe(Buffer.from(next()).toString('base64'));
        return ['set', ...AT, '--base64'];
      },
      () => {
        pipe(`TOKEN=${next().replace(/"/g, '')}\nOTHER='${next()}'\n`);
        return ['import', 'cart', '-', '--env', 'staging'];
      },
      () => {
        typed.push(next());
        Object.defineProperty(process, 'stdin', {
          ...{ configurable: true, value: { isTTY: true } },
        });
        return ['set', ...AT];
      },
      async () => {
        const file = join(outside, '.env');
        await writeFile(file, `TOKEN='${next()}'\n`);
        return ['import', 'cart', file];
      },
    ];
    const echoes: Reply[] = [
      // As the platform would answer, from within.
      sent => refusal(500, `TOKEN: could not take ${sent}`),
      sent => refusal(500, `could not take ${JSON.parse(sent).value}`),
      // As what stands between does.
      ...[413, 500, 502].map(code => (sent: string) => ({
        ...{ status: code, body: `<html>Request was:\n${sent}</html>` },
      })),
      sent => ({
        status: 500,
        body: `<a href="/?was=${encodeURIComponent(sent)}">again</a>`,
      }),
      sent => ({ status: 500, body: Buffer.from(sent).toString('base64') }),
      // No JSON where some was promised.
      sent => ({ body: `${sent}}` }),
      { reset: true },
      { reset: true, after: '{"changes":[' },
    ];
    const answers: Reply[] = [
      { body: changed },
      ...echoes,
      ...[400, 401, 403, 404, 409, 500, 503].map(code =>
        refusal(code, `TOKEN: refused with ${code}.`),
      ),
      { body: { unexpected: true } },
    ];
    try {
      for (const door of doors) {
        for (const answer of answers) {
          for (const flag of ['--json', '--debug']) {
            const argv = [...(await door()), flag];
            const { code } = await platform([{ body: cart }, answer], ...argv);
            const at = answers.indexOf(answer);
            expect([at, code === 0]).toEqual([at, at === 0]);
          }
        }
      }
      // The control: they were sent.
      const sent = portal.asked.map(({ body }) => JSON.stringify(body)).join();
      expect(
        values.filter(value => !sent.includes(value.slice(0, 20))).length,
      ).toBe(2 * answers.length);
      // Where nobody answers.
      process.env.PLATFORM_URL = 'http://127.0.0.1:9';
      for (const door of doors) await platform([], ...(await door()));
      expect(await found()).toEqual([]);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('are not repeated to who puts them in the wrong place', async () => {
    const mistakes: Array<() => string[]> = [
      () => ['set', `cart/TOKEN=${next()}`],
      () => ['set', `cart/TOKEN=postgres://app:${next()}@host/db`],
      () => ['set', next(), 'cart/TOKEN'],
      () => ['set', `postgres://app:${next()}@host/db`, 'cart/TOKEN'],
      () => ['set', `cart/${next()}`],
      () => ['set', ...AT, `-----BEGIN ${next()}`],
      () => ['set', ...AT, `--${next()}`],
      () => ['set', ...AT, `-${next()}`],
      () => ['set', ...AT, 'two', next()],
      () => ['set', ...AT, next(), '--evn', 'staging'],
      () => {
        pipe(Buffer.concat([Buffer.from(next()), Buffer.from([0xff])]));
        return ['set', ...AT];
      },
      () => {
        pipe(`NO-KEY${next()}\nA=1`);
        return ['import', 'cart', '-'];
      },
      () => {
        pipe(`${next()}=value`);
        return ['import', 'cart', '-'];
      },
    ];
    for (const mistake of mistakes) {
      const argv = mistake();
      const { code } = await platform([], ...argv, '--debug');
      expect([argv[1], code]).not.toEqual([argv[1], 0]);
    }
    expect(await found()).toEqual([]);
  });

  it('are given to a program, and to its environment alone', async () => {
    const value = next();
    const items = [{ key: 'TOKEN', value, encoding: 'text', version: 1 }];
    const { code } = await platform(
      [{ body: cart }, { body: { items } }],
      ...['run', 'cart', '--env', 'staging', '--', process.execPath, '-e'],
      'process.exit(process.env.TOKEN.startsWith("Mk+") && !process.argv.join().includes("Mk+") ? 7 : 1)',
    );
    expect(code).toBe(7);
    expect(await found()).toEqual([]);
  });

  it('are not quoted where what holds them cannot be read', async () => {
    const doors = [
      ['reveal', ...AT, '--reason', 'for the test'],
      ['run', 'cart', '--env', 'staging', '--', process.execPath, '-e', ''],
      ['diff', 'cart', '--from', 'staging', '--to', 'qa'],
    ];
    for (const [door, ...argv] of doors) {
      const value = next();
      const item = { key: 'TOKEN', value, encoding: 'text', version: 1 };
      const first = door === 'run' ? [] : [{ body: status }];
      for (const reply of [
        { body: `${JSON.stringify({ ...item, items: [item] })}}` },
        { body: JSON.stringify(item).slice(0, -8) },
        { body: value },
        { reset: true as const, after: JSON.stringify(item).slice(0, -8) },
        { reset: true as const },
        { body: { ...item, version: 'x', items: [{ ...item, version: 'x' }] } },
        refusal(403, 'You may not.'),
        refusal(500, 'It broke.'),
      ]) {
        // Which of the two is asked first is the command's own affair.
        const before =
          door === 'diff'
            ? [{ body: cart }, ...first]
            : [...first, { body: cart }];
        for (const flag of ['--json', '--debug']) {
          const at = argv.indexOf('--');
          const flagged =
            at < 0
              ? [door, ...argv, flag]
              : [door, ...argv.slice(0, at), flag, ...argv.slice(at)];
          const { code } = await platform([...before, reply], ...flagged);
          expect([flagged, code === 0]).toEqual([flagged, false]);
        }
      }
    }
    expect(await found()).toEqual([]);
  });

  it('are printed by no command that is not to show them, also where an answer holds more than it is to', async () => {
    const more = () => ({ value: next(), values: [next()] });
    const item = () => ({
      ...{ service: 'component:default/cart', environment: 'staging' },
      ...{ key: 'TOKEN', version: 1, state: 'set', updatedAt: '', ...more() },
    });
    const rotated = () => ({
      ...{ environment: 'staging', key: 'TOKEN', everyDays: 30 },
      ...{ dueAt: '2027-01-01T00:00:00.000Z', overdue: true, ...more() },
    });
    const did = () => ({
      body: {
        ...{ changes: [{ ...changed.changes[0], ...more() }], sync: [] },
        ...more(),
      },
    });
    const commands: Array<[string[], Record<string, object>]> = [
      [
        ['list', 'cart'],
        {
          '/v1/secrets?': {
            ...{ items: [item()], sync: [], ...more() },
            environments: status.environments,
          },
          '/v1/rotations?': { items: [rotated()], ...more() },
          '/v1/secret-references?': { items: [], ...more() },
        },
      ],
      [
        ['list'],
        {
          '/v1/attention?': {
            items: [
              {
                ...{ ...item(), kind: 'overdue', message: 'Late.' },
                production: false,
              },
            ],
            ...more(),
          },
        },
      ],
      [['get', ...AT], { '/v1/secrets/': { secret: item(), ...more() } }],
      [
        ['history', ...AT],
        {
          '/history?': {
            items: [{ version: 1, at: '', state: 'current', ...more() }],
            ...more(),
          },
        },
      ],
      [['rotations', 'cart'], { '/v1/rotations?': { items: [rotated()] } }],
      [['rotate', ...AT], { '/v1/rotations/now': did().body }],
      [
        ['rotate', ...AT, '--every', '30d'],
        { '/v1/rotations': { rotation: rotated(), ...more() } },
      ],
      [['rotate', ...AT, '--stop'], { '/v1/rotations/end': more() }],
      [['restore', ...AT, '--to', '1'], { '/v1/restores': did().body }],
      [['delete', ...AT], { '/v1/deletions': did().body }],
      [['undelete', ...AT], { '/v1/undeletions': did().body }],
      [
        ['diff', 'cart', '--from', 'staging', '--to', 'staging'],
        {
          '/v1/status': status,
          '/v1/diffs': {
            ...{ from: 'staging', to: 'staging', ...more() },
            items: [{ key: 'TOKEN', outcome: 'differs', ...more() }],
          },
        },
      ],
    ];
    for (const [argv, bodies] of commands) {
      portal.routes.set('/catalog/', { body: cart });
      for (const [path, body] of Object.entries(bodies)) {
        portal.routes.set(path, { body });
      }
      for (const flags of [[], ['--json'], ['--debug']]) {
        const { code, stderr } = await platform([], ...argv, ...flags);
        expect([argv, code, stderr]).toEqual([argv, 0, expect.anything()]);
      }
      portal.routes.clear();
    }
    // The control: the answers held them.
    expect(values.length).toBeGreaterThan(2 * commands.length);
    expect(await found()).toEqual([]);
  });

  it('go through every command that there is', () => {
    const all = secretCommands.map(({ path }) => path[path.length - 1]);
    expect(all.filter(name => !walked.has(name))).toEqual([]);
  });

  it('are found by this search wherever they do stand', async () => {
    const value = next();
    const shown = { value, encoding: 'text', version: 1 };
    await platform(
      [{ body: status }, { body: cart }, { body: shown }],
      ...['reveal', ...AT, '--reason', 'for the test'],
    );
    expect(await found()).toEqual(['printed']);
    for (const form of [
      value,
      Buffer.from(`x${value}`).toString('base64'),
      encodeURIComponent(value),
    ]) {
      printed = [];
      await writeFile(join(home, 'history'), `set ${form}`);
      expect(await found()).toEqual(['files']);
    }
    portal.asked.push({ what: `GET /?value=${value}` });
    expect(await found()).toEqual(['addresses', 'files']);
  });
});
