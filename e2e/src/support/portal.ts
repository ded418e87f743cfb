import { ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = process.env.HIGHROAD_ROOT ?? resolve(__dirname, '../../..');

/** A portal of the test's own, as `npm start` makes it. */
export interface RunningPortal {
  url: string;
  backendUrl: string;
  /** Its folder for databases and repositories */
  state: string;
  stop(): Promise<void>;
}

const START_MS = 240_000;

/**
 * Starts a portal on free ports with a folder of its own, and waits until it answers. With HIGHROAD_TEST_STATE it
 * uses the portal that is running with that folder instead, and leaves it running.
 */
export async function startPortal(): Promise<RunningPortal> {
  const running = process.env.HIGHROAD_TEST_STATE;
  if (running) {
    return { ...(await readAddress(running)), state: running, async stop() {} };
  }

  const state = await mkdtemp(join(tmpdir(), 'highroad-portal-'));
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'scripts/start.mjs'),
      '--state',
      state,
      '--port',
      String(await freePort()),
      '--backend-port',
      String(await freePort()),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: portalEnv() },
  );
  let said = '';
  child.stdout.on('data', chunk => (said += chunk));
  child.stderr.on('data', chunk => (said += chunk));

  const deadline = Date.now() + START_MS;
  while (!said.includes('Highroad is at')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGTERM');
      throw new Error(`The portal did not start:\n${said}`);
    }
    await sleep(250);
  }
  return {
    ...(await readAddress(state)),
    state,
    stop: async () => {
      await end(child);
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** Jest's own variables would make the portal believe that it is a test. */
function portalEnv(): NodeJS.ProcessEnv {
  const {
    NODE_ENV: _,
    JEST_WORKER_ID: __,
    NODE_OPTIONS: ___,
    ...env
  } = process.env;
  return env;
}

async function readAddress(
  state: string,
): Promise<{ url: string; backendUrl: string }> {
  const { url, backendUrl } = JSON.parse(
    await readFile(join(state, 'portal.json'), 'utf8'),
  );
  return { url, backendUrl };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise(done => child.once('close', done));
  child.kill('SIGTERM');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address
          ? done(address.port)
          : failed(new Error('No port')),
      );
    });
  });
}
