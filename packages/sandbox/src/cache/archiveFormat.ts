import { isError } from '@backstage/errors';
import { z } from 'zod';
import { CommandError, run } from '../machine/run';

/** Folders of the cache whose entries travel: each entry is whole and named by a digest of what it was made of. */
const SHELVES = ['programs', 'images'] as const;

/** The archive's first member */
export const MANIFEST = 'manifest.json';

export const manifestSchema = z.object({
  format: z.literal(1),
  platform: z.string(),
  arch: z.string(),
  /** `shelf/entry` → SHA-256 of the entry as a tar without owners and times */
  entries: z.record(z.string()),
});
export type Manifest = z.infer<typeof manifestSchema>;

export function isEntryName(entry: string): boolean {
  const [shelf, name, ...more] = entry.split('/');
  return (
    SHELVES.some(one => one === shelf) &&
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name ?? '') &&
    more.length === 0
  );
}

/** Of all names, links and contents of an entry, independent of owners and times. */
export async function digest(entry: string): Promise<string> {
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

/**
 * Lets what the system or a tool says about a file be said in a sentence.
 *
 * @param what - what cannot be done, with the file's name
 */
export async function sayingWhat<T>(
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fromSystem =
      error instanceof CommandError || (isError(error) && 'syscall' in error);
    throw fromSystem ? new Error(`${what}: ${error.message}`) : error;
  }
}
