import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { isBusy } from './ports.mjs';
import { isAlive, signalGroup, startProcess, waitFor } from './processes.mjs';

const READY_TIMEOUT_MS = 300_000;
/** A catalog that has not grown for so long has read what it was told to read; one that is empty may not have begun. */
const GROWN_MS = 15_000;
const EMPTY_MS = 60_000;

/**
 * Starts the backend and the frontend and waits until both answer.
 *
 * @param options.state - folder for databases, repositories and logs
 * @param options.onSpawn - told what can be stopped as soon as it runs
 * @param options.baseConfigs - configuration files that a person's own ones win over
 * @param options.configs - further configuration files, later ones winning
 * @returns addresses, a promise that ends when either process does, and a way to stop both
 */
export async function startPortal(toolchain, options) {
  const { port, backendPort, state, verbose, onSpawn } = options;
  const { baseConfigs = [], configs = [] } = options;
  const url = `http://localhost:${port}`;
  const backendUrl = `http://localhost:${backendPort}`;
  await requireFreePort(port, '--port');
  await requireFreePort(backendPort, '--backend-port');
  await mkdir(path.join(state, 'logs'), { recursive: true });

  const env = {
    ...toolchain.env,
    NODE_ENV: 'development',
    FORCE_COLOR: '0',
    PATH: [docsBin(), toolchain.env.PATH].join(path.delimiter),
    ...settings({ url, backendUrl, backendPort, state }),
  };
  const cli = path.join(ROOT, 'node_modules/@backstage/cli/bin/backstage-cli');
  const files = [
    path.join(ROOT, 'app-config.yaml'),
    ...baseConfigs,
    path.join(ROOT, 'app-config.local.yaml'),
    ...configs,
  ].filter(file => existsSync(file));
  const start = (name, folder) =>
    startProcess(
      toolchain.node,
      [cli, 'package', 'start', ...files.flatMap(file => ['--config', file])],
      {
        cwd: path.join(ROOT, folder),
        env,
        logFile: path.join(state, 'logs', `${name}.log`),
        verbose,
      },
    );

  const parts = {
    backend: start('backend', 'packages/backend'),
    frontend: start('frontend', 'packages/app'),
  };
  const stop = () => Promise.all(Object.values(parts).map(p => p.stop()));
  // From here on there is something to stop, also while it is not ready.
  await onSpawn?.({
    url,
    backendUrl,
    stop,
    pids: Object.values(parts).map(p => p.pid),
  });
  const ended = Promise.race(
    Object.entries(parts).map(([name, part]) =>
      part.ended.then(result => ({ name, ...result })),
    ),
  );

  let died;
  ended.then(end => {
    died = end;
  });
  const answers = await waitFor(
    async () =>
      died !== undefined ||
      startupError(parts.backend.tail()) !== undefined ||
      ((await ok(`${backendUrl}/.backstage/health/v1/readiness`)) &&
        (await ok(url))),
    { timeoutMs: READY_TIMEOUT_MS },
  );
  const failure = startupError(parts.backend.tail());
  if (died || failure || !answers) {
    let name = died?.name ?? 'portal';
    let reason = 'It did not answer within 5 minutes.';
    if (failure) {
      name = 'backend';
      reason = failure;
    } else if (died) {
      reason = explain(parts[died.name].tail());
    }
    await stop();
    throw new Failure(`The ${name} did not start.`, {
      why: reason,
      fix: `Read ${path.join(state, 'logs')}, or start with --verbose.`,
      runbook: 'portal-does-not-start',
    });
  }
  await waitForCatalog(backendUrl);
  return {
    url,
    backendUrl,
    ended,
    stop,
    pids: Object.values(parts).map(part => part.pid),
  };
}

/** Settings that differ from app-config.yaml, given by environment so that no file has to be written. */
function settings({ url, backendUrl, backendPort, state }) {
  return {
    APP_CONFIG_app_baseUrl: url,
    APP_CONFIG_backend_baseUrl: backendUrl,
    APP_CONFIG_backend_listen_port: String(backendPort),
    APP_CONFIG_backend_cors_origin: url,
    APP_CONFIG_backend_database_connection_directory: path.join(
      state,
      'databases',
    ),
    APP_CONFIG_platform_localRepositories_directory: path.join(
      state,
      'repositories',
    ),
    APP_CONFIG_techdocs_publisher_local_publishDirectory: path.join(
      state,
      'techdocs',
    ),
  };
}

/** Where the documentation generator is, once it has been prepared. */
export function docsBin() {
  return path.join(CACHE, 'techdocs', 'bin');
}

async function requireFreePort(port, flag) {
  if (await isBusy(port)) {
    throw new Failure(`Port ${port} is in use.`, {
      why: 'Another program listens there.',
      fix: `Stop it, or take another: npm start -- ${flag} ${port + 1}`,
      runbook: 'port-in-use',
    });
  }
}

/**
 * Waits, on a first start, until the catalog has read its files: it holds the template that everything begins with,
 * and has not grown for a second. One without that template is waited for as long as it grows. A portal whose
 * configuration has no guests is not waited for.
 */
async function waitForCatalog(backendUrl) {
  const guest = await ask(`${backendUrl}/api/auth/guest/refresh`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const token = guest?.backstageIdentity?.token;
  if (!token) return;
  const get = path =>
    ask(`${backendUrl}/api/catalog${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
  let size = -1;
  let since = Date.now();
  await waitFor(
    async () => {
      const now = (await get('/entities/by-query?limit=0'))?.totalItems ?? 0;
      if (now !== size) since = Date.now();
      size = now;
      const quietMs = Date.now() - since;
      if (quietMs > (size > 0 ? GROWN_MS : EMPTY_MS)) return true;
      return (
        quietMs > 1000 &&
        (await get('/entities/by-name/template/default/service'))
      );
    },
    { timeoutMs: READY_TIMEOUT_MS },
  );
}

async function ask(url, init) {
  try {
    const response = await fetch(url, {
      ...init,
      signal: AbortSignal.timeout(10_000),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

async function ok(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Why the backend could not start, if it said so: after a failure it does not end, it waits for a change of its
 * sources.
 */
function startupError(lines) {
  const at = lines.findIndex(text =>
    /startup failed|Feature loader created at .* failed/.test(text),
  );
  if (at < 0) return undefined;
  // The first line may only announce the list of what failed.
  const line = lines[at].trim().endsWith(':')
    ? lines[at + 1] ?? lines[at]
    : lines[at];
  return line
    .replace(/^.*?caused by /, '')
    .trim()
    .slice(0, 500);
}

/** The line of a failed start that names the cause: an error's message rather than its stack. */
function explain(lines) {
  const errors = lines.filter(
    line => /\berror\b|Error:|✖/i.test(line) && !/^\s+at /.test(line),
  );
  return (errors[0] ?? lines[lines.length - 1] ?? 'It printed nothing.')
    .trim()
    .slice(0, 500);
}

/** The portal that this checkout is running, as its state file says. */
export async function readRunning(state) {
  try {
    const running = JSON.parse(
      await readFile(path.join(state, 'portal.json'), 'utf8'),
    );
    return isAlive(running.pid) ? running : { ...running, gone: true };
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Says where the portal is, for the `platform` command: beside its state, and, where it is announced, for this person
 * on this machine.
 */
export async function writeRunning(portal, { state, announce, ownsSandbox }) {
  const running = JSON.stringify({
    pid: process.pid,
    pids: portal.pids,
    url: portal.url,
    backendUrl: portal.backendUrl,
    ownsSandbox,
  });
  await writeFile(path.join(state, 'portal.json'), running);
  if (announce) {
    await mkdir(CACHE, { recursive: true });
    await writeFile(path.join(CACHE, 'portal.json'), running);
  }
}

export async function clearRunning(state) {
  await rm(path.join(state, 'portal.json'), { force: true });
}

/** After a restart of the machine an id may be somebody else's; where that can be looked up, it is. */
function isOurs(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(ROOT);
  } catch {
    return process.platform !== 'linux';
  }
}

/** Ends what a start that was killed has left running. The ids are those we wrote down when we started them. */
export async function stopLeftovers(running) {
  const left = (running.pids ?? []).filter(pid => isAlive(pid) && isOurs(pid));
  for (const pid of left) signalGroup(pid, 'SIGKILL');
  await waitFor(() => left.every(pid => !isAlive(pid)), { timeoutMs: 5000 });
  return left.length;
}
