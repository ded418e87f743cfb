import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readText } from '../machine/files';
import { takeFinalName } from '../machine/finalName';
import { run } from '../machine/run';
import {
  digest,
  isEntryName,
  Manifest,
  MANIFEST,
  manifestSchema,
  sayingWhat,
} from './archiveFormat';

/**
 * Takes the entries of an archive that are not in the cache yet. Each is checked against the archive's manifest and
 * appears whole or not at all.
 *
 * @throws Error when the file is no such archive, was packed on another kind of machine, or is damaged
 */
export async function restoreCache(
  cache: string,
  file: string,
): Promise<{ restored: string[]; present: string[] }> {
  const archive = resolve(file);
  if (!existsSync(archive)) throw new Error(`There is no archive ${archive}`);
  const work = await sayingWhat(`${cache} cannot be written`, async () => {
    await mkdir(cache, { recursive: true });
    return mkdtemp(join(cache, '.restore-'));
  });
  try {
    await sayingWhat(`${archive} cannot be unpacked`, () =>
      run('tar', ['-xzf', archive, '-C', work, '--no-same-owner']),
    );
    const manifest = await readManifest(work, archive);
    const restored: string[] = [];
    const present: string[] = [];
    for (const [entry, expected] of Object.entries(manifest.entries)) {
      const made = await putEntry(entry, { expected, work, cache });
      (made ? restored : present).push(entry);
    }
    return { restored, present };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function readManifest(work: string, archive: string): Promise<Manifest> {
  const text = await readText(join(work, MANIFEST));
  const manifest = manifestSchema.safeParse(parsed(text));
  if (!manifest.success) {
    throw new Error(
      `${archive} is not an archive that this version of "platform sandbox pack" writes: its ${MANIFEST} ${
        text === undefined ? 'is missing' : 'says something else'
      }.`,
    );
  }
  const { platform, arch } = manifest.data;
  if (platform !== process.platform || arch !== process.arch) {
    throw new Error(
      `The archive was packed for ${platform} ${arch}; this machine is ${process.platform} ${process.arch}.`,
    );
  }
  return manifest.data;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    // What is no JSON is no manifest either.
    return undefined;
  }
}

/** @returns whether it was not there before */
async function putEntry(
  entry: string,
  { expected, work, cache }: { expected: string; work: string; cache: string },
): Promise<boolean> {
  if (!isEntryName(entry))
    throw new Error(`The archive names an entry outside the cache: ${entry}`);
  const target = join(cache, entry);
  if (existsSync(target)) return false;
  const unpacked = join(work, entry);
  if (!existsSync(unpacked) || (await digest(unpacked)) !== expected) {
    throw new Error(`The archive is damaged: ${entry} is not what was packed.`);
  }
  return sayingWhat(`${target} cannot be written`, async () => {
    await mkdir(dirname(target), { recursive: true });
    return takeFinalName(unpacked, target);
  });
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
