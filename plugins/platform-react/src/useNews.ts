import { useApiHolder } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { useEffect, useMemo } from 'react';
import { pause } from './pause';

/** What was missed while nobody was connected is seen after this at the latest, in milliseconds. */
const UNTOLD_MS = 30_000;

/** Word from the backend that something has changed. */
export interface News {
  /**
   * Waits for it; word that came since the last wait ends it at once. For a portal that passes on no word, it lasts as
   * long as is said.
   *
   * @param otherwiseMs - how long, where there is no word to wait for
   * @param paceMs - how long it waits before, whatever comes: what changes often is left alone for a while
   */
  wait(
    otherwiseMs: number,
    signal: AbortSignal,
    paceMs?: number,
  ): Promise<void>;
}

/** Holds whether there was word, and who waits for it. */
class Mailbox {
  #full = false;
  #open: (() => void) | undefined;

  put(): void {
    this.#full = true;
    this.#open?.();
  }

  async take(signal: AbortSignal): Promise<void> {
    if (!this.#full) {
      const opened = new AbortController();
      const open = () => opened.abort();
      this.#open = open;
      signal.addEventListener('abort', open);
      await pause(UNTOLD_MS, opened.signal);
      signal.removeEventListener('abort', open);
      this.#open = undefined;
    }
    this.#full = false;
  }
}

/**
 * Listens to a channel of the backend's signals.
 *
 * @param channel - the one that the backend tells of its changes on
 */
export function useNews(channel: string): News {
  const signals = useApiHolder().get(signalApiRef);
  const mailbox = useMemo(() => new Mailbox(), []);
  useEffect(() => {
    const subscriber = signals?.subscribe(channel, () => mailbox.put());
    return () => subscriber?.unsubscribe();
  }, [signals, channel, mailbox]);
  return useMemo(
    () => ({
      wait: async (otherwiseMs, signal, paceMs = 0) => {
        if (paceMs > 0) await pause(paceMs, signal);
        await (signals ? mailbox.take(signal) : pause(otherwiseMs, signal));
      },
    }),
    [signals, mailbox],
  );
}
