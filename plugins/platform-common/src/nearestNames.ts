import { distance } from 'fastest-levenshtein';

/**
 * The names that somebody who wrote `word` probably meant, nearest first.
 *
 * Near means that at most a third of the letters (two in a short name, which may have changed places) would have to be
 * added, removed or changed, or that one contains the
 * other whole.
 *
 * @param most - how many to return at most
 */
export function nearestNames(
  word: string,
  names: Iterable<string>,
  most = 3,
): string[] {
  if (word === '' || word.length > 100) return [];
  const wanted = word.toLowerCase();
  const near: Array<{ name: string; far: number }> = [];
  for (const name of new Set(names)) {
    const candidate = name.toLowerCase();
    const far = distance(wanted, candidate);
    const allowed = Math.max(
      candidate.length < 4 ? 1 : 2,
      Math.floor(candidate.length / 3),
    );
    const contained =
      wanted.length > 2 &&
      (candidate.includes(wanted) || wanted.includes(candidate));
    if (far <= allowed || contained) near.push({ name, far });
  }
  return near
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}
