import { createHash } from 'node:crypto';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { takeFinalName } from './finalName';
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
  if (folder !== own) await makeOwn(dirname(folder), 0o711);
  await mkdir(folder, { recursive: true });
  const user = unprivilegedUser();
  if (user !== undefined) await chown(folder, user, user);
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
  await makeOwn(home, 0o755);
  if (existsSync(copy)) return copy;
  const partial = await mkdtemp(join(home, '.partial-'));
  try {
    await cp(folder, partial, { recursive: true, verbatimSymlinks: true });
    await chmod(partial, 0o755);
    // Where another sandbox was quicker, its copy is as good.
    await takeFinalName(partial, copy);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return copy;
}

/** A folder in a place where anybody could have made one of that name before. */
async function makeOwn(folder: string, mode: number) {
  await mkdir(folder, { recursive: true, mode });
  if (lstatSync(folder).uid !== process.getuid?.()) {
    throw new Error(
      `${folder} belongs to another user. Remove it, so that it can be used.`,
    );
  }
  await chmod(folder, mode);
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
