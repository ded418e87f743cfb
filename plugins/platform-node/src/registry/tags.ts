import { z } from 'zod';
import { readJson } from './boundedBody';
import { RegistryUnavailableError } from './registryErrors';
import { RegistryAccess } from './RegistrySettings';
import { RegistryConnection } from './RegistryConnection';

const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });

const MOST_BYTES = 4 * 1024 * 1024;
const PAGE = 1_000;
const MOST_PAGES = 5;

/**
 * The names of an image's tags, as many as are worth reading.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
 *
 * @returns undefined where there is no such image
 */
export async function listAllTags(
  connection: RegistryConnection,
  options: {
    access: RegistryAccess;
    repository: string;
    signal: AbortSignal;
    mostPages?: number;
  },
): Promise<{ tags: string[]; complete: boolean } | undefined> {
  const { access, repository, signal, mostPages = MOST_PAGES } = options;
  const tags: string[] = [];
  let last: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const from = last === undefined ? '' : `&last=${encodeURIComponent(last)}`;
    const response = await connection.ask({
      access,
      repository,
      path: `tags/list?n=${PAGE}${from}`,
      accept: 'application/json',
      signal,
    });
    if (response.status === 404) {
      await response.body?.cancel();
      return page === 0 ? undefined : { tags, complete: true };
    }
    const parsed = tagsSchema.safeParse(await readJson(response, MOST_BYTES));
    if (!parsed.success) {
      throw new RegistryUnavailableError(
        `The registry ${access.registry} does not answer as a registry should, asked for the tags of ${repository}.`,
      );
    }
    const found = parsed.data.tags ?? [];
    tags.push(...found);
    // The link itself is not followed: where it leads is the registry's to say, and what is wanted is known.
    const hasNext = /rel="?next"?/.test(response.headers.get('link') ?? '');
    if (!hasNext || found.length === 0 || found.at(-1) === last)
      return { tags, complete: true };
    last = found.at(-1);
  }
  return { tags, complete: false };
}

/**
 * Puts the tags first that were probably made last: versions by their numbers, then times and numbers, then the rest in
 * the registry's order turned round.
 */
export function likelyNewestFirst(tags: string[]): string[] {
  return [...tags]
    .reverse()
    .map((tag, at) => ({ tag, at, numbers: numbersOf(tag) }))
    .sort((a, b) => compareNumbers(b.numbers, a.numbers) || a.at - b.at)
    .map(({ tag }) => tag);
}

/** `v1.2.3-rc.1` gives [1, 2, 3, -1, 1]: what comes before a release is older than it. Nothing for other words. */
function numbersOf(tag: string): number[] {
  const version = /^v?(\d{1,15}(?:\.\d{1,15}){0,3})(?:-(.*))?$/.exec(tag);
  if (!version) return [];
  const release = version[1].split('.').map(Number);
  if (version[2] === undefined) return release;
  while (release.length < 3) release.push(0);
  const suffix = (version[2].match(/\d{1,15}/g) ?? []).map(Number);
  return [...release, -1, ...suffix];
}

function compareNumbers(a: number[], b: number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    // One that has no numbers at all comes after every one that has.
    const [left, right] = [
      a[at] ?? (a.length ? 0 : -2),
      b[at] ?? (b.length ? 0 : -2),
    ];
    if (left !== right) return left - right;
  }
  return 0;
}
