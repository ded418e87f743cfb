import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '../connection/schema';
import { settleConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { identify, isRunning, waitUntil } from '../machine/processes';
import { answers } from '../servers/http';
import { ServerDefinition } from '../servers/Server';
import { cleanLeftovers } from './leftovers';
import { Supervisor } from './Supervisor';

/** A server of Node's own, which answers on a port of the connection. */
function server(
  name: string,
  port: (connection: Connection) => number,
  more: Partial<ServerDefinition> = {},
): ServerDefinition {
  return {
    name,
    title: `The server ${name}`,
    programs: [],
    needs: [],
    command: ({ connection }) => ({
      command: process.execPath,
      args: [
        '-e',
        `require('http').createServer((q, s) => s.end('${name}')).listen(${port(
          connection,
        )}, '127.0.0.1')`,
      ],
    }),
    ready: ({ connection }) => answers(`http://127.0.0.1:${port(connection)}/`),
    ...more,
  };
}

describe('Supervisor', () => {
  let folder: string;
  let paths: SandboxPaths;
  let connection: Connection;
  let running: Supervisor[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-supervisor-'));
    paths = new SandboxPaths(join(folder, 'state'), join(folder, 'cache'));
    connection = await settleConnection(paths, {
      kind: 'simulated',
      why: 'test',
    });
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map(one => one.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  async function start(
    ...definitions: ServerDefinition[]
  ): Promise<Supervisor> {
    const supervisor = new Supervisor({ paths, connection, definitions });
    running.push(supervisor);
    await supervisor.start();
    return supervisor;
  }

  async function reached(supervisor: Supervisor, name: string, state: string) {
    const found = async () =>
      (await supervisor.status()).servers.find(one => one.name === name);
    await waitUntil(async () => (await found())?.state === state, {
      withinMs: 15_000,
    });
    const last = await found();
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
    expect((await supervisor.status()).state).toBe('degraded');
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
    order.length = 0;
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

  it('ends what a killed supervisor has left, and nothing that has the same number by chance', async () => {
    const definition = server('one', ({ ports }) => ports.etcd);
    const killed = await start(definition);
    const { pid } = await reached(killed, 'one', 'answering');
    const id = identify(pid!)!;
    // Its journal is all that a killed supervisor leaves behind.
    const journal = await readFile(paths.journal, 'utf8');
    expect(JSON.parse(journal)).toEqual({ one: id });

    const stranger = { pid: process.pid, started: id.started - 1 };
    const { writeFile } =
      jest.requireActual<typeof import('node:fs/promises')>('node:fs/promises');
    await writeFile(paths.journal, JSON.stringify({ one: id, stranger }));
    const ended = await cleanLeftovers(paths, connection, [definition]);
    expect(ended).toEqual(['one']);
    expect(isRunning(id)).toBe(false);
  });

  it('wakes who waits for a change', async () => {
    const supervisor = await start(server('one', ({ ports }) => ports.etcd));
    const { revision } = await supervisor.status();
    const next = await supervisor.status(revision);
    expect(next.revision).toBeGreaterThan(revision);
  });
});
