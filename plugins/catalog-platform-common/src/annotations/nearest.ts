/**
 * How many letters must be added, removed, changed or swapped with their
 * neighbour to get from one to the other (optimal string alignment).
 */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        next[j - 1] + 1,
        row[j] + 1,
        row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

/**
 * The candidate that somebody probably meant; undefined when none is near.
 * Near means at most a third of the letters are wrong.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  if (word.length > 100) {
    return undefined;
  }
  const lower = word.toLowerCase();
  let best: { candidate: string; far: number } | undefined;
  for (const candidate of candidates) {
    const far = distance(lower, candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(candidate.length / 3));
    if (far <= allowed && (!best || far < best.far)) {
      best = { candidate, far };
    }
  }
  return best?.candidate;
}
