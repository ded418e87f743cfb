import { isError } from '@backstage/errors';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const AGAIN_MS = 50;

/**
 * Does something, again and again while another process holds the lock of a SQLite file, and lets others go on meanwhile.
 *
 * @throws what the work throws last, once the time is up
 */
export async function unlessLocked<T>(
  work: () => Promise<T>,
  milliseconds: number,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error) || performance.now() + AGAIN_MS >= end) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

function isLocked(error: unknown): boolean {
  return (
    isError(error) &&
    typeof error.code === 'string' &&
    error.code.startsWith('SQLITE_BUSY')
  );
}
