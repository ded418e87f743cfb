import { cursorOf, readCursor } from '../cursor';
import { Judged } from './judged';

/** Of a list, what is asked for. */
export interface Asked {
  /** Only what counts, or only what does not; both if left out */
  counts?: boolean;
  /** `next` of the page before */
  before?: string;
  limit: number;
}

/**
 * What a number was taken from: what does not count first, each by service.
 *
 * @param counts - only what counts, or only what does not; both if left out
 */
export function inOrder(all: Judged[], counts?: boolean): Judged[] {
  return all
    .filter(one => counts === undefined || one.counts === counts)
    .map(one => ({ one, place: placeOf(one) }))
    .sort((a, b) => compare(a.place, b.place))
    .map(({ one }) => one);
}

/**
 * A page of it.
 *
 * @throws InputError for a cursor that is none
 */
export function listed(
  all: Judged[],
  { counts, before, limit }: Asked,
): { page: Judged[]; next?: string } {
  const from = before === undefined ? undefined : readCursor(before, 3);
  const rest = inOrder(all, counts).filter(
    one => !from || compare(placeOf(one), from) > 0,
  );
  const last = rest[limit - 1];
  return {
    page: rest.slice(0, limit),
    ...(rest.length > limit && last && { next: cursorOf(placeOf(last)) }),
  };
}

function placeOf({ counts, service, part }: Judged): string[] {
  return [counts ? '1' : '0', service.service, part];
}

function compare(a: string[], b: string[]): number {
  const at = a.findIndex((text, index) => text !== b[index]);
  if (at < 0) return 0;
  return a[at] < b[at] ? -1 : 1;
}
