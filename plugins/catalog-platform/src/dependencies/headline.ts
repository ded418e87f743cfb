import { DependencyAnswer } from '@highroad/plugin-catalog-platform-common';
import { things } from '../names';

/** The answer in one sentence. */
export function headline(answer: DependencyAnswer): string {
  const count = answer.items.length;
  const number = answer.truncated
    ? `More than ${things(count)}`
    : things(count);
  const filtered =
    answer.lifecycle.length > 0 ? ` in ${answer.lifecycle.join(' or ')}` : '';
  if (answer.direction === 'dependencies') {
    return count === 0
      ? `This needs nothing${filtered} that the catalog knows of`
      : `This needs ${
          answer.truncated ? number.toLowerCase() : number
        }${filtered}`;
  }
  if (count === 0) {
    return `Nothing${filtered} breaks if this breaks`;
  }
  return `${number}${filtered} ${
    count === 1 ? 'breaks' : 'break'
  } if this breaks`;
}
