import { createDeferred } from '@backstage/types';
import { ServerStatus } from '@highroad/plugin-sandbox-common';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '../connection/schema';
import { settleConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { identify, isRunning, waitUntil } from '../machine/processes';
import { ServerDefinition } from '../servers/Server';
import { MARKER } from '../machine/marked';
import { processesOf, server, TEST_CACHE } from './__testUtils__/servers';
import { Journal } from './Journal';
import { cleanLeftovers } from './leftovers';
import { Supervisor } from './Supervisor';

describe('Supervisor', () => {
  let folder: string;
  let paths: SandboxPaths;
  let connection: Connection;
  let journal: Journal;
  let running: Supervisor[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-supervisor-'));
    paths = new SandboxPaths(join(folder, 'state'), TEST_CACHE);
    connection = await settleConnection(paths, {
      kind: 'simulated',
      why: 'test',
    });
    journal = new Journal(paths.journal);
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map(one => one.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  async function start(
    ...definitions: ServerDefinition[]
  ): Promise<Supervisor> {
    const supervisor = new Supervisor({
      paths,
      connection,
      definitions,
      journal,
    });
    running.push(supervisor);
    supervisor.start();
    return supervisor;
  }

  async function reached(supervisor: Supervisor, name: string, state: string) {
    // It may be in another a moment later.
    let last: ServerStatus | undefined;
    await waitUntil(
      async () => {
        const { servers } = await supervisor.status();
        last = servers.find(one => one.name === name);
        return last?.state === state;
      },
      { withinMs: 15_000 },
    );
    expect(last).toMatchObject({ state });
    return last!;
  }

  it('starts a server after those that it needs, and sets it up before those that need it start', async () => {
    const order: string[] = [];
    const supervisor = await start(
      server('first', ({ ports }) => ports.etcd, {
        configure: async () => {
          order.push('first is set up');
        },
      }),
      server('second', ({ ports }) => ports.vault, {
        needs: ['first'],
        setUp: async () => {
          order.push('second starts');
        },
      }),
    );
    await reached(supervisor, 'second', 'answering');
    expect(order).toEqual(['first is set up', 'second starts']);
    expect(await supervisor.status()).toMatchObject({ state: 'answering' });
  });

  it('starts a server again that was killed, and counts it', async () => {
    const supervisor = await start(server('one', ({ ports }) => ports.etcd));
    const { pid } = await reached(supervisor, 'one', 'answering');
    process.kill(pid!, 'SIGKILL');
    await reached(supervisor, 'one', 'restarting');
    const after = await reached(supervisor, 'one', 'answering');
    expect(after.restarts).toBe(1);
    expect(after.pid).not.toBe(pid);
    expect(after.problem).toBeUndefined();
  });

  it('says why a server does not come up, with its last words, and goes on with the others', async () => {
    const supervisor = await start(
      server('ill', ({ ports }) => ports.etcd, {
        command: () => ({
          command: process.execPath,
          args: [
            '-e',
            'console.error("no such option: --colour"); process.exit(2)',
          ],
        }),
      }),
      server('well', ({ ports }) => ports.vault),
    );
    await reached(supervisor, 'well', 'answering');
    const ill = await reached(supervisor, 'ill', 'restarting');
    expect(ill.problem).toContain('no such option: --colour');
    // It is tried again and again; between tries the whole is degraded.
    const isDegraded = await waitUntil(
      async () => (await supervisor.status()).state === 'degraded',
      { withinMs: 15_000 },
    );
    expect(isDegraded).toBe(true);
  });

  it('says that a command does not exist', async () => {
    const supervisor = await start(
      server('none', ({ ports }) => ports.etcd, {
        command: () => ({ command: '/does/not/exist', args: [] }),
      }),
    );
    const none = await reached(supervisor, 'none', 'restarting');
    expect(none.problem).toContain('ENOENT');
  });

  it('stops a server before those that it needs, and leaves no process', async () => {
    const order: string[] = [];
    const note = (text: string) => async () => {
      order.push(text);
    };
    const supervisor = await start(
      server('first', ({ ports }) => ports.etcd, {
        tearDown: note('first is gone'),
      }),
      server('second', ({ ports }) => ports.vault, {
        needs: ['first'],
        beforeStop: note('second is about to go'),
        tearDown: note('second is gone'),
      }),
    );
    const ids = await Promise.all(
      ['first', 'second'].map(
        async name =>
          identify((await reached(supervisor, name, 'answering')).pid!)!,
      ),
    );
    expect(ids.map(isRunning)).toEqual([true, true]);
    await supervisor.stop();
    expect(order).toEqual([
      'second is about to go',
      'second is gone',
      'first is gone',
    ]);
    expect(ids.map(isRunning)).toEqual([false, false]);
    expect(JSON.parse(await readFile(paths.journal, 'utf8'))).toEqual({});
  });

  it('can be stopped while a server still waits for another', async () => {
    const supervisor = await start(
      server('never', ({ ports }) => ports.etcd, { ready: async () => false }),
      server('waiting', ({ ports }) => ports.vault, { needs: ['never'] }),
    );
    const { pid } = await reached(supervisor, 'never', 'starting');
    const waiting = (await supervisor.status()).servers.find(
      one => one.name === 'waiting',
    );
    expect(waiting).toMatchObject({ state: 'waiting', waitingFor: ['never'] });
    await supervisor.stop();
    expect(pid === undefined || identify(pid) === undefined).toBe(true);
  });

  it('starts no process of a server that is stopped while it is being set up', async () => {
    const setUpBegan = createDeferred();
    const setUpEnds = createDeferred();
    let asked = false;
    const well = server('slow', ({ ports }) => ports.etcd);
    const supervisor = await start({
      ...well,
      setUp: async () => {
        setUpBegan.resolve();
        await setUpEnds;
      },
      command: context => {
        asked = true;
        return well.command!(context);
      },
    });
    await setUpBegan;
    const stopped = supervisor.stop();
    setUpEnds.resolve();
    await stopped;
    const [{ state, pid }] = (await supervisor.status()).servers;
    expect({ state, pid, asked }).toEqual({
      state: 'stopped',
      pid: undefined,
      asked: false,
    });
    expect(await processesOf(paths)).toEqual([]);
  });

  it('starts no process of a server that is stopped while its command is made', async () => {
    const asked = createDeferred();
    const made = createDeferred();
    const well = server('slow', ({ ports }) => ports.etcd);
    const supervisor = await start({
      ...well,
      command: async context => {
        asked.resolve();
        await made;
        return well.command!(context);
      },
    });
    await asked;
    const stopped = supervisor.stop();
    made.resolve();
    await stopped;
    expect(await processesOf(paths)).toEqual([]);
  });

  it('ends a server also when one that needs it cannot be stopped well', async () => {
    const supervisor = await start(
      server('first', ({ ports }) => ports.etcd),
      server('second', ({ ports }) => ports.vault, {
        needs: ['first'],
        beforeStop: async () => {
          throw new Error('it says no');
        },
      }),
    );
    await reached(supervisor, 'second', 'answering');
    expect(await processesOf(paths)).toHaveLength(2);
    await expect(supervisor.stop()).rejects.toThrow('it says no');
    running = [];
    expect(await processesOf(paths)).toEqual([]);
  });

  it('ends the children of a server that crashed, before it is started again', async () => {
    const supervisor = await start({
      ...server('parent', ({ ports }) => ports.etcd),
      command: ({ connection: { ports } }) => ({
        command: process.execPath,
        args: [
          '-e',
          `
            const { spawn } = require('child_process');
            const wait = 'setInterval(() => {}, 1000)';
            spawn(process.execPath, ['-e', wait], { stdio: 'ignore' });
            // In a group and a session of its own.
            spawn(process.execPath, ['-e', wait], { stdio: 'ignore', detached: true }).unref();
            require('http').createServer((q, s) => s.end()).listen(${ports.etcd}, '127.0.0.1');
          `,
        ],
      }),
    });
    const { pid } = await reached(supervisor, 'parent', 'answering');
    const before = await processesOf(paths);
    expect(before).toHaveLength(3);
    process.kill(pid!, 'SIGKILL');
    await reached(supervisor, 'parent', 'restarting');
    await reached(supervisor, 'parent', 'answering');
    const after = await processesOf(paths);
    expect(after.filter(id => before.includes(id))).toEqual([]);
    expect(after).toHaveLength(3);
  });

  it('starts no process that it cannot write down first', async () => {
    class Full extends Journal {
      starting() {
        throw new Error('no space left on device');
      }
    }
    journal = new Full(paths.journal);
    const supervisor = await start(server('one', ({ ports }) => ports.etcd));
    const one = await reached(supervisor, 'one', 'restarting');
    expect(one.problem).toBe('no space left on device');
    expect(await processesOf(paths)).toEqual([]);
  });

  describe('what a killed supervisor has left', () => {
    const definition = server('one', ({ ports }) => ports.etcd);

    /** A process as a supervisor starts it, and how it would stand in the journal. */
    async function leftOver(marker: string) {
      const child = spawn(
        process.execPath,
        ['-e', 'setInterval(() => {}, 1000); console.log()'],
        {
          env: { HIGHROAD_SANDBOX: paths.state, [MARKER]: marker },
          stdio: ['ignore', 'pipe', 'ignore'],
          detached: true,
        },
      );
      await new Promise(resolve => {
        child.stdout.once('data', resolve);
      });
      return { marker, process: identify(child.pid!)! };
    }
    const write = (entries: object) =>
      writeFile(paths.journal, JSON.stringify(entries));

    it('is ended, and nothing that has the same number by chance', async () => {
      const one = await leftOver('a');
      const stranger = {
        marker: 'b',
        process: { ...one.process, started: one.process.started - 1 },
      };
      await write({ stranger });
      expect(await cleanLeftovers(paths, connection, [definition])).toEqual([]);
      expect(isRunning(one.process)).toBe(true);
      await write({ one });
      expect(await cleanLeftovers(paths, connection, [definition])).toEqual([
        'one',
      ]);
      expect(isRunning(one.process)).toBe(false);
      expect(JSON.parse(await readFile(paths.journal, 'utf8'))).toEqual({});
    });

    it('is ended where there was no time to write down which process it is', async () => {
      const { marker, process: id } = await leftOver('a');
      const { process: other } = await leftOver('b');
      await write({ one: { marker } });
      expect(await cleanLeftovers(paths, connection, [definition])).toEqual([
        'one',
      ]);
      expect([id, other].map(isRunning)).toEqual([false, true]);
      await write({ one: { marker: 'b' } });
      await cleanLeftovers(paths, connection, [definition]);
      expect(isRunning(other)).toBe(false);
    });

    it('is ended with the children of a server that has ended itself', async () => {
      const { marker, process: child } = await leftOver('a');
      const gone = { ...child, started: child.started - 1 };
      await write({ one: { marker, process: gone } });
      expect(await cleanLeftovers(paths, connection, [definition])).toEqual([
        'one',
      ]);
      expect(isRunning(child)).toBe(false);
    });

    it('is left to its clean-up where it is to outlive its server', async () => {
      const { marker, process: shim } = await leftOver('a');
      await write({ one: { marker } });
      const leaves = (line: string[]) => line[1] === '-e';
      await cleanLeftovers(paths, connection, [{ ...definition, leaves }]);
      expect(isRunning(shim)).toBe(true);
      await write({ one: { marker } });
      await cleanLeftovers(paths, connection, [definition]);
      expect(isRunning(shim)).toBe(false);
    });
  });

  it('wakes who waits for a change', async () => {
    const supervisor = await start(server('one', ({ ports }) => ports.etcd));
    const { revision } = await supervisor.status();
    const next = await supervisor.status(revision);
    expect(next.revision).toBeGreaterThan(revision);
  });
});
