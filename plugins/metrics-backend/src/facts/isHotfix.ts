import { ChangeData } from '@highroad/plugin-metrics-common';
import { FactSettings } from './Facts';

/** Whether a change was made in a hurry to repair something, by its labels or the beginning of its title. */
export function isHotfix(
  change: Pick<ChangeData, 'labels' | 'title'>,
  { hotfix }: Pick<FactSettings, 'hotfix'>,
): boolean {
  const title = change.title?.toLocaleLowerCase('en-US') ?? '';
  const labels = (change.labels ?? []).map(label =>
    label.toLocaleLowerCase('en-US'),
  );
  return hotfix.some(word => labels.includes(word) || begins(title, word));
}

/** With the whole word: a hotfixture is none. */
function begins(title: string, word: string): boolean {
  return (
    title.startsWith(word) && !/^[\p{L}\p{N}_]/u.test(title.slice(word.length))
  );
}
