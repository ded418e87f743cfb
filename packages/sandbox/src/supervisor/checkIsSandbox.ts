import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SandboxPaths } from '../machine/paths';

/**
 * Looks whether a folder is a sandbox's, so that nothing else is thrown away: whoever mistypes a path loses nothing. A
 * folder that is not there, or holds nothing, is fine as well.
 *
 * @throws Error that names the folder
 */
export async function checkIsSandbox(paths: SandboxPaths): Promise<void> {
  const names = await readdir(paths.state).catch(error => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  // Credentials are the first thing that a sandbox has. One whose start failed earlier holds no more than its log.
  const log = paths.log('supervisor');
  const logs = basename(dirname(log));
  const more = names.filter(name => name !== 'supervisor.lock');
  if (
    more.length === 0 ||
    existsSync(paths.data('authority', 'credentials.json')) ||
    (more.every(name => name === logs) && existsSync(log))
  )
    return;
  throw new Error(
    `${paths.state} is not the folder of a sandbox, and stays as it is. Name the one that was given as --state when it was started.`,
  );
}
