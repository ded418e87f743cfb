import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SandboxPaths } from './paths';

const ENDING = '.log';

/** The servers of a sandbox, and its supervisor, that have written a log; none where it has never been started. */
export async function logNames(paths: SandboxPaths): Promise<string[]> {
  const files = await readdir(dirname(paths.log('supervisor'))).catch(error => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return files
    .filter(file => file.endsWith(ENDING))
    .map(file => file.slice(0, -ENDING.length));
}
