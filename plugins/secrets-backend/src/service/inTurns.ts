/** As many as a Vault is asked for side by side. */
const AT_ONCE = 8;

/**
 * Does something for each key, a few at once.
 *
 * @returns what came of them, in their order
 */
export async function inTurns<T>(
  keys: string[],
  work: (key: string) => Promise<T>,
): Promise<T[]> {
  const done: T[] = [];
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    done.push(...(await Promise.all(keys.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}
