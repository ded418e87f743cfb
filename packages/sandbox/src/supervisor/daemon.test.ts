import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConnection, settleConnection } from '../connection/settle';
import { Connection } from '../connection/schema';
import { MARKER } from '../machine/marked';
import { SandboxPaths } from '../machine/paths';
import { identify, waitUntil } from '../machine/processes';
import { answers } from '../servers/http';
import { processesOf, server, TEST_CACHE } from './__testUtils__/servers';
import { SandboxClient } from './client';
import { runDaemon } from './daemon';

const one = server('one', ({ ports }) => ports.etcd);

describe('a supervisor', () => {
  let folder: string;
  let daemons: Promise<unknown>[];
  let settled: SandboxPaths[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-daemon-'));
    daemons = [];
    settled = [];
  });
  afterEach(async () => {
    for (const paths of settled) {
      const connection = await readConnection(paths);
      if (connection) await stop(connection).catch(() => {});
    }
    await Promise.allSettled(daemons);
    await rm(folder, { recursive: true, force: true });
  });

  const pathsOf = (name: string) =>
    new SandboxPaths(join(folder, name), TEST_CACHE);

  function supervise(paths: SandboxPaths): Promise<void> {
    settled.push(paths);
    const daemon = runDaemon({
      paths,
      node: 'simulated',
      definitions: () => [one],
    });
    daemons.push(daemon);
    daemon.catch(() => {});
    return daemon;
  }

  async function untilAnswering(paths: SandboxPaths): Promise<Connection> {
    const client = new SandboxClient(paths);
    const up = await waitUntil(
      async () => (await client.status())?.state === 'answering',
      { withinMs: 20_000 },
    );
    expect(up).toBe(true);
    return (await readConnection(paths))!;
  }

  /** As the command does it, which also waits for the supervisor's process to end; here that runs the tests. */
  async function stop({ ports, supervisorToken }: Connection) {
    await fetch(`http://127.0.0.1:${ports.supervisor}/stop`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${supervisorToken}` },
    });
  }

  it('ends its servers and says why when its folder is removed', async () => {
    const paths = pathsOf('state');
    const daemon = supervise(paths);
    await untilAnswering(paths);
    expect(await processesOf(paths)).toHaveLength(1);
    await rm(paths.state, { recursive: true });
    await expect(daemon).rejects.toThrow(
      `${paths.state} was removed, or taken over, while its sandbox ran`,
    );
    expect(await processesOf(paths)).toEqual([]);
  }, 30_000);

  it('keeps its addresses when what a killed one has left still holds them', async () => {
    const paths = pathsOf('state');
    const before = await settleConnection(paths, {
      kind: 'simulated',
      why: 'test',
    });
    const address = `http://127.0.0.1:${before.ports.etcd}/`;
    const { command, args } = await one.command!({
      paths,
      connection: before,
      signal: new AbortController().signal,
      program: () => {
        throw new Error('not needed');
      },
    });
    const left = spawn(command, args, {
      env: { HIGHROAD_SANDBOX: paths.state, [MARKER]: 'left' },
      stdio: 'ignore',
      detached: true,
    });
    const id = identify(left.pid!);
    await writeFile(
      paths.journal,
      JSON.stringify({ one: { marker: 'left', process: id } }),
    );
    expect(await waitUntil(() => answers(address), { withinMs: 10_000 })).toBe(
      true,
    );

    const daemon = supervise(paths);
    const after = await untilAnswering(paths);
    expect(after.ports.etcd).toBe(before.ports.etcd);
    expect(await processesOf(paths)).not.toContain(left.pid);
    await stop(after);
    await daemon;
  }, 30_000);

  it('leaves alone the addresses of others that start at the same moment', async () => {
    const all = ['a', 'b', 'c'].map(pathsOf);
    const starting = all.map(supervise);
    const connections = await Promise.all(all.map(untilAnswering));
    const ports = connections.flatMap(connection =>
      Object.values(connection.ports),
    );
    expect(new Set(ports).size).toBe(ports.length);
    await Promise.all(connections.map(stop));
    await Promise.all(starting);
  }, 60_000);

  it('gives way to another of the same sandbox that starts at the same moment', async () => {
    const paths = pathsOf('state');
    const both = [supervise(paths), supervise(paths)];
    const connection = await untilAnswering(paths);
    const loser = await Promise.race(
      both.map((daemon, index) => daemon.catch(error => ({ error, index }))),
    );
    expect(loser).toMatchObject({
      error: { message: 'Another supervisor has this sandbox.' },
    });
    expect(await processesOf(paths)).toHaveLength(1);
    await stop(connection);
    await both[1 - loser!.index];
  }, 30_000);
});
