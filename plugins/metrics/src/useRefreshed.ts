import { METRICS_CHANNEL } from '@highroad/plugin-metrics-common';
import { pause, useNews } from '@highroad/plugin-platform-react';
import { useCallback, useEffect, useRef, useState } from 'react';

/** Where the portal passes on no word of changes, what is new is looked for this often, in milliseconds. */
const UNTOLD_MS = 2_000;
/** What changes all the time is read this often at most, in milliseconds. */
const PACE_MS = 1_000;
/** Where answers take long because many ask, each asks the more seldom: they are left alone for so many times as long. */
const PACE_TIMES = 5;
const LONGEST_PACE_MS = 15_000;
/** All open pages hear of a change at once. They ask within this time, in milliseconds. */
const SPREAD_MS = 500;
const RETRY_MS = 5_000;

/**
 * An answer as it is now: read again when the backend says that numbers have changed, while somebody looks. The last one stays while a new
 * one is on its way, as long as it is about the same.
 *
 * @param about - what it is about
 * @param asked - all that is asked for
 * @param load - reads it, given the last that was read of the same question
 */
export function useRefreshed<T>(
  { about, asked }: { about: string; asked: string },
  load: (last?: T) => Promise<T>,
): { value?: T; loading: boolean; error?: Error; retry: () => void } {
  const news = useNews(METRICS_CHANNEL);
  const [round, setRound] = useState(0);
  const [last, setLast] = useState<{ about: string; value: T }>();
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<Error>();
  const reader = useRef(load);
  reader.current = load;

  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    async function follow() {
      let value: T | undefined;
      while (!signal.aborted) {
        const from = performance.now();
        setLoading(true);
        let failure: Error | undefined;
        try {
          value = await reader.current(value);
        } catch (reason) {
          failure =
            reason instanceof Error ? reason : new Error(String(reason));
        }
        if (signal.aborted) return;
        setLoading(false);
        setError(failure);
        if (failure) {
          await pause(RETRY_MS, signal);
        } else {
          if (value !== undefined) setLast({ about, value });
          const paceMs = paceAfter(performance.now() - from);
          await news.wait(UNTOLD_MS, signal, paceMs);
          await pause(Math.random() * SPREAD_MS, signal);
        }
        await untilSeen(signal);
      }
    }
    follow();
    return () => abort.abort();
  }, [about, asked, news, round]);

  return {
    ...{ loading, error },
    value: last?.about === about ? last.value : undefined,
    retry: useCallback(() => setRound(before => before + 1), []),
  };
}

function paceAfter(tookMs: number): number {
  return Math.min(LONGEST_PACE_MS, PACE_MS + PACE_TIMES * tookMs);
}

/** A page that nobody looks at asks nothing. */
async function untilSeen(signal: AbortSignal): Promise<void> {
  if (!document.hidden || signal.aborted) return;
  await new Promise<void>(resolve => {
    const end = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    document.addEventListener('visibilitychange', end);
    signal.addEventListener('abort', end);
  });
}
