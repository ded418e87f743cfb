import { DependencyAnswer } from '@highroad/plugin-catalog-platform-common';
import { things } from '../names';

/** The answer in one sentence. */
export function headline(answer: DependencyAnswer): string {
  const count = answer.items.length;
  // What lies beyond is not counted.
  let number = things(count);
  if (answer.deeper) number = `At least ${number}`;
  if (answer.truncated) number = `More than ${things(count)}`;
  const filtered =
    answer.lifecycle.length > 0 ? ` in ${answer.lifecycle.join(' or ')}` : '';
  if (answer.direction === 'dependencies') {
    return count === 0
      ? `This needs nothing${filtered} that the catalog knows of`
      : `This needs ${number.toLocaleLowerCase('en-US')}${filtered}`;
  }
  if (count === 0) {
    return `Nothing${filtered} breaks if this breaks`;
  }
  return `${number}${filtered} ${
    count === 1 ? 'breaks' : 'break'
  } if this breaks`;
}
