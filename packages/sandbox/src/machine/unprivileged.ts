import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SandboxPaths } from './paths';

/** The user without rights of its own, by convention of most systems. */
const NOBODY = 65534;

/** Where things are put that must be reached by a user who may not look into root's home. Survives a reboot. */
const OPEN_PLACE = '/var/tmp';

/** User that a server runs as which refuses to run as root; undefined where root does not run the sandbox. */
export function unprivilegedUser(): number | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/**
 * A folder for the data of a server that runs as {@link unprivilegedUser}, made and given to it.
 *
 * @returns its path: with the other data where that user can get there, else below a place open to all
 */
export async function unprivilegedData(
  paths: SandboxPaths,
  server: string,
): Promise<string> {
  const own = paths.data(server, 'data');
  const folder = isOpen(dirname(own)) ? own : join(openState(paths), server);
  await mkdir(folder, { recursive: true });
  const user = unprivilegedUser();
  if (user !== undefined) {
    await chown(folder, user, user);
    if (folder !== own) await chmod(dirname(folder), 0o711);
  }
  await chmod(folder, 0o700);
  return folder;
}

/** Where a sandbox keeps what could not stay in its own folder; part of what a reset clears. */
export function openState(paths: SandboxPaths): string {
  return join(OPEN_PLACE, `highroad-sandbox-${shortHash(paths.state)}`);
}

/** A program's folder, or a copy of it, that {@link unprivilegedUser} can run. Nobody but root may write there. */
export async function openProgram(folder: string): Promise<string> {
  if (unprivilegedUser() === undefined || isOpen(folder)) return folder;
  const home = join(OPEN_PLACE, 'highroad-programs');
  const copy = join(home, basename(folder));
  await mkdir(home, { recursive: true, mode: 0o755 });
  if (statSync(home).uid !== 0) {
    throw new Error(
      `${home} belongs to another user; remove it, so that programs can be put there.`,
    );
  }
  if (existsSync(copy)) return copy;
  const partial = await mkdtemp(join(home, '.partial-'));
  try {
    await cp(folder, partial, { recursive: true, verbatimSymlinks: true });
    await chmod(partial, 0o755);
    await rename(partial, copy).catch(error => {
      // Another sandbox was quicker.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return copy;
}

/** Whether every folder on the way can be passed by everybody. */
function isOpen(folder: string): boolean {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    // eslint-disable-next-line no-bitwise
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
  }
  return true;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
