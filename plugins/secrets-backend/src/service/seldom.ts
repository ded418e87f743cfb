/**
 * What is called often, and done now and then only.
 *
 * @param everyMs - how long after one time the next may be
 */
export function seldom(
  work: () => Promise<void>,
  everyMs: number,
  now: () => Date,
): () => Promise<void> {
  let next = 0;
  return async () => {
    const time = now().getTime();
    if (time < next) return;
    await work();
    // Only after it went well: what failed is tried again the next time.
    next = time + everyMs;
  };
}
