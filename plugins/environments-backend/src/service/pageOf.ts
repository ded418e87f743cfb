import { EnvironmentResource } from './EnvironmentResources';

type Listed = Pick<EnvironmentResource, 'createdAt' | 'uid'>;

/**
 * A part of a list, newest first. Where it stopped is known also after the last one of it has gone.
 *
 * @param page.before - `next` of the part before
 * @param page.limit - how many at most; all if left out
 */
export function pageOf<T extends Listed>(
  all: T[],
  { before, limit = Infinity }: { before?: string; limit?: number },
): { items: T[]; next?: string } {
  const left = all
    .map(item => ({ item, place: placeOf(item) }))
    .filter(({ place }) => before === undefined || place < before)
    .sort((a, b) => (a.place < b.place ? 1 : -1));
  const shown = left.slice(0, limit);
  return {
    items: shown.map(({ item }) => item),
    ...(left.length > shown.length && { next: shown.at(-1)?.place }),
  };
}

/** Several may have been made in the same second. */
function placeOf({ createdAt, uid }: Listed): string {
  return `${createdAt.toISOString()}_${uid}`;
}
