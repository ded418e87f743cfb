import { ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './freePort';

export const ROOT = process.env.HIGHROAD_ROOT ?? resolve(__dirname, '../../..');

/** A portal of the test's own, as `npm start` makes it. */
export interface RunningPortal {
  url: string;
  backendUrl: string;
  /** Its folder for databases and repositories */
  state: string;
  stop(): Promise<void>;
  /** Ends all its processes at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, on the same ports and with what it had written. */
  restart(): Promise<void>;
  /** The repositories on this machine, `owner/name.git` */
  repositories(): Promise<string[]>;
}

const START_MS = 480_000;

/**
 * Starts a portal on free ports with a folder of its own, and waits until it answers. With HIGHROAD_TEST_STATE it
 * uses the portal that is running with that folder instead, and leaves it running.
 *
 * @param options.fresh - always one of its own, for tests that do it harm
 * @param options.config - settings on top of the checkout's own, as YAML; always one of its own
 */
export async function startPortal(
  options: { fresh?: boolean; config?: string } = {},
): Promise<RunningPortal> {
  const running = process.env.HIGHROAD_TEST_STATE;
  if (running && !options.fresh && options.config === undefined) {
    return borrow(running);
  }

  const state = await mkdtemp(join(tmpdir(), 'highroad-portal-'));
  const ports = { port: await freePort(), backendPort: await freePort() };
  const configs: string[] = [];
  if (options.config !== undefined) {
    configs.push(join(state, 'app-config.test.yaml'));
    await writeFile(configs[0], options.config);
  }
  let child = await start(state, ports, configs);
  return {
    ...(await readAddress(state)),
    state,
    repositories: () => listRepositories(state),
    kill: async () => {
      const pids = await readPids(state);
      const ended = new Promise(done => child.once('close', done));
      child.kill('SIGKILL');
      for (const pid of pids) process.kill(-pid, 'SIGKILL');
      await ended;
      // Until then its ports are not free.
      for (let tries = 0; tries < 200 && pids.some(isAlive); tries++) {
        await sleep(50);
      }
    },
    restart: async () => {
      child = await start(state, ports, configs);
    },
    stop: async () => {
      await end(child);
      await rm(state, { recursive: true, force: true });
    },
  };
}

async function borrow(state: string): Promise<RunningPortal> {
  const refuse = async () => {
    throw new Error('A borrowed portal is left as it is.');
  };
  return {
    ...(await readAddress(state)),
    state,
    repositories: () => listRepositories(state),
    stop: async () => {},
    kill: refuse,
    restart: refuse,
  };
}

async function start(
  state: string,
  { port, backendPort }: { port: number; backendPort: number },
  configs: string[],
): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'scripts/start.mjs'),
      // What these tests look at needs no servers beside the portal.
      '--no-sandbox',
      ...['--state', state],
      ...['--port', String(port), '--backend-port', String(backendPort)],
      ...configs.flatMap(file => ['--config', file]),
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
  return child;
}

async function listRepositories(state: string): Promise<string[]> {
  const root = join(state, 'repositories');
  const found: string[] = [];
  for (const owner of await readdir(root)) {
    const names = await readdir(join(root, owner));
    found.push(...names.map(name => `${owner}/${name}`));
  }
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function readPids(state: string): Promise<number[]> {
  return JSON.parse(await readFile(join(state, 'portal.json'), 'utf8')).pids;
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
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise(done => child.once('close', done));
  child.kill('SIGTERM');
  await ended;
}
