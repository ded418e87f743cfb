import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '../connection/schema';
import { settleConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { waitUntil } from '../machine/processes';
import { ServerDefinition } from '../servers/Server';
import { prepareProgram } from '../upstream/prepare';
import { PREPARE_ATTEMPTS, prepareDelay } from './backoff';
import { Journal } from './Journal';
import { Supervisor } from './Supervisor';

/** Nothing but what it needs a program for. */
function needing(name: string, more: Partial<ServerDefinition> = {}) {
  return {
    name,
    title: name,
    programs: ['gitea'],
    needs: [],
    ready: async () => true,
    ...more,
  };
}

it('tries programs later each time, from a minute to a quarter of an hour', () => {
  const least = [1, 2, 3, 4, 5, 6].map(failures =>
    prepareDelay(failures, () => 0),
  );
  expect(least.map(delay => delay / 60_000)).toEqual([1, 2, 4, 8, 15, 15]);
  expect(prepareDelay(1, () => 1)).toBe(72_000);
});

describe('a program that could not be prepared', () => {
  let folder: string;
  let paths: SandboxPaths;
  let connection: Connection;
  let supervisor: Supervisor;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-preparation-'));
    paths = new SandboxPaths(join(folder, 'state'), join(folder, 'cache'));
    connection = await settleConnection(paths, {
      kind: 'simulated',
      why: 'test',
    });
  });
  afterEach(async () => {
    await supervisor.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function start(options: {
    failures: number;
    delay: (failures: number) => number;
    definitions?: ServerDefinition[];
  }) {
    let attempts = 0;
    const make: typeof prepareProgram = async pin => {
      attempts += 1;
      if (attempts <= options.failures) throw new Error('no route to host');
      return { ...pin, folder, seconds: 1, made: {} };
    };
    supervisor = new Supervisor({
      paths,
      connection,
      definitions: options.definitions ?? [needing('vault')],
      journal: new Journal(paths.journal),
      preparing: { make, delay: options.delay },
    });
    supervisor.start();
    return { attempts: () => attempts };
  }

  const soon = { withinMs: 10_000, everyMs: 5 };
  const programIs = async (state: string) =>
    (await supervisor.status()).programs[0].state === state;
  const settled = async () =>
    !['preparing', 'starting'].includes((await supervisor.status()).state);

  it('keeps its servers and those that need them from starting, and it is said why and when it is tried again', async () => {
    start({
      failures: 1,
      delay: () => 60_000,
      definitions: [
        needing('vault'),
        needing('secrets', { programs: [], needs: ['vault'] }),
      ],
    });
    const before = Date.now();
    expect(await waitUntil(() => programIs('failed'), soon)).toBe(true);
    await waitUntil(settled, soon);
    const { state, programs, servers } = await supervisor.status();
    expect(state).toBe('degraded');
    const { problem, retryAt } = programs[0];
    expect(problem).toBe('no route to host');
    expect(Date.parse(retryAt!) - before).toBeGreaterThan(59_000);
    expect(Date.parse(retryAt!) - before).toBeLessThan(70_000);
    expect(servers.map(one => [one.state, one.problem])).toEqual([
      ['unavailable', 'gitea could not be prepared: no route to host'],
      [
        'unavailable',
        'vault is not available: gitea could not be prepared: no route to host',
      ],
    ]);
  });

  it('is tried again by itself, and then its servers start', async () => {
    const delays: number[] = [];
    const { attempts } = start({
      failures: 2,
      delay: failures => {
        delays.push(failures);
        return 1;
      },
    });
    const answering = async () =>
      (await supervisor.status()).state === 'answering';
    expect(await waitUntil(answering, soon)).toBe(true);
    expect(attempts()).toBe(3);
    expect(delays).toEqual([1, 2]);
    const [program] = (await supervisor.status()).programs;
    expect(program).toMatchObject({ state: 'ready' });
    expect(program.problem).toBeUndefined();
    expect(program.retryAt).toBeUndefined();
  });

  it('is left for the next start when it goes on failing', async () => {
    const { attempts } = start({ failures: Infinity, delay: () => 1 });
    const given = async () =>
      attempts() === PREPARE_ATTEMPTS && (await programIs('failed'));
    expect(await waitUntil(given, soon)).toBe(true);
    await waitUntil(settled, soon);
    const { programs } = await supervisor.status();
    expect(programs[0]).toMatchObject({
      state: 'failed',
      problem: 'no route to host',
    });
    expect(programs[0].retryAt).toBeUndefined();
    expect(attempts()).toBe(PREPARE_ATTEMPTS);
  });
});
