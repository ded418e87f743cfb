import { setTimeout as pause } from 'node:timers/promises';

const INTERVAL_MS = 50;

/**
 * Waits until a condition holds.
 *
 * @param condition - returns undefined or false as long as it doesn't
 * @param describe - says in the error how things were at the end
 * @param everyMs - how often it is looked at
 * @throws Error when it still doesn't hold after `timeoutMs`
 */
export async function until<T>(
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs: number,
  describe: () => string,
  everyMs = INTERVAL_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const result = await condition();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > deadline) {
      throw new Error(`Not within ${timeoutMs} ms. ${describe()}`);
    }
    await pause(everyMs);
  }
}
