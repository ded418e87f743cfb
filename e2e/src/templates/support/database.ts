import { ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../support/portal';
import { collectOutput } from './collectOutput';
import { machineEnv } from './command';
import { freePort } from '../../support/freePort';
import { until } from '../../support/until';

/** In the address that services get, to be looked for in what they print. The server itself asks for none. */
export const PASSWORD = 'never-to-be-printed';

/** A PostgreSQL server that can go away and come back at the same address with the same data. */
export interface Database {
  /** What a service is given as DATABASE_URL */
  url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** Prepares a server; it runs from the first `start` on. */
export async function prepareDatabase(): Promise<Database> {
  const data = await mkdtemp(join(tmpdir(), 'highroad-service-data-'));
  const port = await freePort();
  let server: ChildProcess | undefined;

  const stop = async () => {
    const running = server;
    server = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise(done => running.once('close', done));
    running.kill('SIGTERM');
    await ended;
  };
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres?sslmode=disable`,
    async start() {
      const child = spawn(
        process.execPath,
        [
          join(ROOT, 'scripts/postgres.mjs'),
          ...['--data', data, '--port', String(port)],
        ],
        { env: machineEnv(), stdio: ['ignore', 'pipe', 'pipe'] },
      );
      server = child;
      const said = collectOutput(child);
      await until(
        () => {
          if (child.exitCode !== null)
            throw new Error(`No database: ${said()}`);
          return said().includes('"url"');
        },
        60_000,
        said,
      );
    },
    stop,
    async remove() {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
