import { Change } from './ServiceEvents';

/** The number in `git.acme.io/acme/cart#12`, or in `12` as it is told without its repository. */
const NUMBER = /(^|#)(\d+)$/;

/**
 * Finds the commit by which a pull request was merged, by what it is called. Some call it by its number only, or leave its host out: that is
 * the one that fits, if no two of different repositories do.
 */
export function mergedBy(
  changes: Array<Pick<Change, 'change' | 'mergeCommit'>>,
): (change: string) => string | undefined {
  const exact = new Map(changes.map(one => [one.change, one.mergeCommit]));
  const byNumber = new Map<string, string[]>();
  for (const { change } of changes) {
    const [, , number] = NUMBER.exec(change) ?? [];
    if (number === undefined) continue;
    const names = byNumber.get(number);
    if (names) names.push(change);
    else byNumber.set(number, [change]);
  }
  return change => {
    const [, sign, number] = NUMBER.exec(change) ?? [];
    const found = exact.get(change);
    if (found !== undefined || number === undefined) return found;
    const names = (byNumber.get(number) ?? []).filter(
      one =>
        sign === '' ||
        one === number ||
        // Both say the repository, and one of them its host too.
        one.endsWith(`/${change}`) ||
        change.endsWith(`/${one}`),
    );
    return names.length === 1 ? exact.get(names[0]) : undefined;
  };
}
