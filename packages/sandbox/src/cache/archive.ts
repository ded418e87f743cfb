import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { run } from '../machine/run';
import { ProgramCache } from './ProgramCache';

/** Folders of the cache whose entries travel: each entry is whole and named by a digest of what it was made of. */
const SHELVES = ['programs', 'images'] as const;

const manifestSchema = z.object({
  format: z.literal(1),
  platform: z.string(),
  arch: z.string(),
  /** `shelf/entry` → SHA-256 of the entry as a tar without owners and times */
  entries: z.record(z.string()),
});

/**
 * Packs what has been prepared into one archive, for another machine of the same kind.
 *
 * @param cache - folder of the sandbox's cache
 * @param file - the archive to write: a tar compressed with gzip
 * @throws Error when nothing is prepared
 */
export async function packCache(
  cache: string,
  file: string,
): Promise<{ entries: number; bytes: number }> {
  const target = resolve(file);
  const entries = await wholeEntries(cache);
  if (entries.length === 0) {
    throw new Error(
      'Nothing has been prepared yet. Start a sandbox first: platform sandbox start',
    );
  }
  const manifest = {
    format: 1,
    platform: process.platform,
    arch: process.arch,
    entries: Object.fromEntries(
      await Promise.all(
        entries.map(async entry => [entry, await digest(join(cache, entry))]),
      ),
    ),
  };
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(join(cache, '.pack-'));
  try {
    await writeFile(
      join(work, 'manifest.json'),
      JSON.stringify(manifest, null, 2),
    );
    const partial = `${target}.partial-${process.pid}`;
    await run('tar', [
      '-czf',
      partial,
      '-C',
      work,
      'manifest.json',
      '-C',
      cache,
      ...entries,
    ]);
    await rename(partial, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { entries: entries.length, bytes: (await stat(target)).size };
}

/**
 * Takes the entries of an archive that are not in the cache yet. Each is checked against the archive's manifest and
 * appears whole or not at all.
 *
 * @throws Error when the archive was packed on another kind of machine, or is damaged
 */
export async function restoreCache(
  cache: string,
  file: string,
): Promise<{ restored: string[]; present: string[] }> {
  const archive = resolve(file);
  if (!existsSync(archive)) throw new Error(`There is no archive ${archive}`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, '.restore-'));
  try {
    await run('tar', ['-xzf', archive, '-C', work, '--no-same-owner']);
    const manifest = manifestSchema.parse(
      JSON.parse(await readFile(join(work, 'manifest.json'), 'utf8')),
    );
    if (
      manifest.platform !== process.platform ||
      manifest.arch !== process.arch
    ) {
      throw new Error(
        `The archive was packed for ${manifest.platform} ${manifest.arch}; this machine is ${process.platform} ${process.arch}.`,
      );
    }
    const restored: string[] = [];
    const present: string[] = [];
    for (const [entry, expected] of Object.entries(manifest.entries)) {
      if (!isEntryName(entry))
        throw new Error(
          `The archive names an entry outside the cache: ${entry}`,
        );
      if (existsSync(join(cache, entry))) {
        present.push(entry);
        continue;
      }
      if ((await digest(join(work, entry))) !== expected) {
        throw new Error(
          `The archive is damaged: ${entry} is not what was packed.`,
        );
      }
      await mkdir(dirname(join(cache, entry)), { recursive: true });
      await rename(join(work, entry), join(cache, entry));
      restored.push(entry);
    }
    return { restored, present };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Names an archive that is taken from before anything is made. */
const ARCHIVE_VARIABLE = 'HIGHROAD_SANDBOX_ARCHIVE';

/**
 * Takes what the archive has that the environment names.
 *
 * @returns whether there was one
 * @throws Error when it cannot be used: whoever named it would not want to wait for builds instead
 */
export async function restoreFromEnvironment(
  cache: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<boolean> {
  const file = env[ARCHIVE_VARIABLE];
  if (!file) return false;
  await restoreCache(cache, file).catch(error => {
    throw new Error(`${ARCHIVE_VARIABLE}: ${error.message}`);
  });
  return true;
}

function isEntryName(entry: string): boolean {
  const [shelf, name, ...more] = entry.split('/');
  return (
    SHELVES.some(one => one === shelf) &&
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name ?? '') &&
    more.length === 0
  );
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

/** Of all names, links and contents of an entry, independent of owners and times. */
async function digest(entry: string): Promise<string> {
  return run(
    'tar',
    [
      '-cf',
      '-',
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '-C',
      entry,
      '.',
    ],
    { digest: true },
  );
}
