import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, for at most a while or until nobody waits any more; then returns all the same. */
export async function waitFor(
  condition: () => Promise<boolean>,
  options: { withinMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<void> {
  const { withinMs, everyMs = 500, signal } = options;
  const until = Date.now() + withinMs;
  while (!signal?.aborted && !(await condition()) && Date.now() < until) {
    // Who does not wait any more is not an error.
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
