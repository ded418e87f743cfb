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
 * A page of what a number was taken from: what does not count first, each by service.
 *
 * @throws InputError for a cursor that is none
 */
export function listed(
  all: Judged[],
  { counts, before, limit }: Asked,
): { page: Judged[]; next?: string } {
  const from = before === undefined ? undefined : readCursor(before, 3);
  const rest = all
    .filter(one => counts === undefined || one.counts === counts)
    .map(one => ({ one, place: placeOf(one) }))
    .filter(({ place }) => !from || compare(place, from) > 0)
    .sort((a, b) => compare(a.place, b.place));
  const last = rest[limit - 1];
  return {
    page: rest.slice(0, limit).map(({ one }) => one),
    ...(rest.length > limit && last && { next: cursorOf(last.place) }),
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
