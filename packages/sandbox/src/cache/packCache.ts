import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { run } from '../machine/run';
import {
  digest,
  isEntryName,
  Manifest,
  MANIFEST,
  sayingWhat,
} from './archiveFormat';
import { ProgramCache } from './ProgramCache';

/**
 * Packs what has been prepared into one archive, for another machine of the same kind.
 *
 * @param cache - folder of the sandbox's cache
 * @param file - the archive to write: a tar compressed with gzip
 * @throws Error when nothing is prepared, when there is such a file, or when it cannot be written
 */
export async function packCache(
  cache: string,
  file: string,
): Promise<{ entries: number; bytes: number }> {
  const target = resolve(file);
  if (existsSync(target)) {
    throw new Error(
      `${target} is there already, and stays as it is. Name another file, or remove it.`,
    );
  }
  const entries = await wholeEntries(cache);
  if (entries.length === 0) {
    throw new Error(
      'Nothing has been prepared yet. Start a sandbox first: platform sandbox start',
    );
  }
  const manifest: Manifest = {
    format: 1,
    platform: process.platform,
    arch: process.arch,
    entries: Object.fromEntries(
      await Promise.all(
        entries.map(async entry => [entry, await digest(join(cache, entry))]),
      ),
    ),
  };
  await sayingWhat(`${target} cannot be written`, () =>
    mkdir(dirname(target), { recursive: true }),
  );
  const partial = `${target}.partial-${process.pid}`;
  const work = await mkdtemp(join(cache, '.pack-'));
  try {
    await writeFile(join(work, MANIFEST), JSON.stringify(manifest, null, 2));
    return await sayingWhat(`${target} cannot be written`, async () => {
      await run('tar', [
        '-czf',
        partial,
        '-C',
        work,
        MANIFEST,
        '-C',
        cache,
        ...entries,
      ]);
      await rename(partial, target);
      return { entries: entries.length, bytes: (await stat(target)).size };
    });
  } finally {
    await rm(partial, { force: true });
    await rm(work, { recursive: true, force: true });
  }
}

/** Programs that this checkout's pins name, and images; nothing half made, nothing of older pins. */
async function wholeEntries(cache: string): Promise<string[]> {
  const programs = await new ProgramCache(cache).present();
  const images = await readdir(join(cache, 'images')).catch(() => []);
  return [
    ...programs.map(program => program.folder.slice(cache.length + 1)),
    ...images
      .filter(
        name =>
          isEntryName(`images/${name}`) &&
          !/\.(partial|lock|building)/.test(name),
      )
      .map(name => `images/${name}`),
  ].sort();
}
