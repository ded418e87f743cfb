import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes a bare repository with a README in its one commit. */
export async function makeRepository(
  path: string,
  readme: string,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'highroad-shelf-'));
  const git = (...args: string[]) =>
    run('git', [
      ...['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'],
      ...args,
    ]);
  try {
    await git('init', '--quiet', '--initial-branch', 'main', work);
    await writeFile(join(work, 'README.md'), readme);
    await git('-C', work, 'add', '.');
    await git('-C', work, 'commit', '-q', '-m', 'Put the first book on it');
    await git('clone', '--quiet', '--bare', work, path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
