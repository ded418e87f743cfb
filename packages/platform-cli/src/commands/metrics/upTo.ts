/** What the API gives at once. */
const PAGE = 200;

/** A part of a list, and what the next one is asked for with. */
interface Page<T> {
  items: T[];
  next?: string;
}

/** The first ones of a list that comes a page at a time. */
export async function upTo<T, P extends Page<T>>(
  limit: number,
  read: (page: { limit: number; before?: string }) => Promise<P & Page<T>>,
): Promise<P & Page<T>> {
  const found = await read({ limit: Math.min(limit, PAGE) });
  while (found.next && found.items.length < limit) {
    const page = await read({
      limit: Math.min(limit - found.items.length, PAGE),
      before: found.next,
    });
    found.items.push(...page.items);
    found.next = page.next;
  }
  return found;
}
