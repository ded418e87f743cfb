import { useCallback, useEffect, useState } from 'react';
import { pause } from './pause';

/** What is known of something that changes by itself. */
export interface Followed<T> {
  /** The last that was heard; undefined before the first answer */
  value?: T;
  /** When it was heard */
  heardAt?: Date;
  /** Why nothing is heard at this moment */
  error?: Error;
  /** Asks again at once */
  retry: () => void;
}

/** Shortest time between two questions: what changes often need not be drawn more often. */
const PACE_MS = 500;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Asks, and goes on asking for what is new: each question is held by the other side until there is something. After a
 * failure the last value stays, and it is asked again, less and less often.
 *
 * @param ask - given the last value; returns the next, or undefined where there will be nothing new
 */
export function useFollowed<T>(
  ask: (last: T | undefined, signal: AbortSignal) => Promise<T | undefined>,
): Followed<T> {
  const [state, setState] = useState<Omit<Followed<T>, 'retry'>>({});
  const [round, setRound] = useState(0);
  const retry = useCallback(() => setRound(n => n + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    async function follow() {
      let last: T | undefined;
      let failures = 0;
      while (!signal.aborted) {
        try {
          const next = await ask(last, signal);
          if (signal.aborted || next === undefined) return;
          last = next;
          failures = 0;
          setState({ value: next, heardAt: new Date() });
          await pause(PACE_MS, signal);
        } catch (error) {
          if (signal.aborted) return;
          const reason =
            error instanceof Error ? error : new Error(String(error));
          setState(known => ({ ...known, error: reason }));
          await pause(retryDelay(failures), signal);
          failures += 1;
        }
      }
    }
    follow();
    return () => abort.abort();
  }, [ask, round]);

  return { ...state, retry };
}

/** Doubles from two seconds to half a minute, give or take a quarter so that not all browsers ask together. */
function retryDelay(failures: number): number {
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  return delay * (0.75 + Math.random() / 2);
}
