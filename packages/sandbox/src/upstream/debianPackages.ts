import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { run } from '../machine/run';
import type { DebianPin } from './programs';

let updated: Promise<unknown> | undefined;

/**
 * Brings the package lists up to date, once a process. Only root may; for others the lists that are there must do.
 * apt checks signatures and checksums of all it fetches.
 */
export async function updatePackageLists(): Promise<void> {
  if (process.getuid?.() !== 0) return;
  updated ??= run('apt-get', ['update', '-q']);
  await updated;
}

/**
 * Unpacks Debian packages into a folder; nothing is installed on the machine.
 *
 * @returns package file → its SHA-256
 */
export async function unpackDebian(
  packages: string[],
  folder: string,
): Promise<Record<string, string>> {
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error(
      'This machine has no apt-get to get Debian packages with. Put the program on PATH instead.',
    );
  }
  const download = await mkdtemp(join(folder, '.download-'));
  try {
    const get = () =>
      run('apt-get', ['download', '-q', ...packages], { cwd: download });
    // The lists may be missing or name a version that has been replaced since.
    await get().catch(async () => {
      await updatePackageLists();
      await get();
    });
    const sums: Record<string, string> = {};
    for (const file of (await readdir(download)).filter(name =>
      name.endsWith('.deb'),
    )) {
      const path = join(download, file);
      sums[file] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      await run('dpkg', ['-x', path, folder]);
    }
    return sums;
  } finally {
    await rm(download, { recursive: true, force: true });
  }
}

export async function prepareDebian(
  pin: DebianPin,
  folder: string,
): Promise<Record<string, string>> {
  const sums = await unpackDebian(pin.packages, folder);
  await mkdir(join(folder, 'bin'), { recursive: true });
  for (const [name, path] of Object.entries(pin.binaries)) {
    if (!existsSync(join(folder, path))) {
      throw new Error(`Debian's ${pin.packages.join(', ')} has no ${path}`);
    }
    if (basename(path) !== name || !path.startsWith('bin/')) {
      await symlink(join('..', path), join(folder, 'bin', name));
    }
  }
  return sums;
}
