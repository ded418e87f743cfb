import { useApi } from '@backstage/core-plugin-api';
import { LedgerRecord, RecordFilter } from '@highroad/plugin-audit-common';
import { useFollowed } from '@highroad/plugin-platform-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { auditApiRef } from '../api';

/** Rows in front of which nothing is kept: beyond this, a filter helps more than a longer list. */
const MOST = 1_000;

interface Known {
  /** Newest first */
  items: LedgerRecord[];
  /** From where there are older ones */
  older?: number;
  /** After which number there may be new ones */
  newest: number;
  /** Numbers of those that came while one was looking */
  fresh: Set<number>;
  /** Why there may be more than is listed */
  cut?: LedgerRecord['suspect'];
}

/**
 * The records that fit, newest first; older ones when they are asked for, and new ones as they come.
 *
 * @param filter - without one, nothing is asked for
 * @param live - whether to follow what is being done
 */
export function useRecords(filter: RecordFilter | undefined, live: boolean) {
  const api = useApi(auditApiRef);
  const [known, setKnown] = useState<Known>();
  const [older, setOlder] = useState<{ loading: boolean; error?: Error }>({
    loading: false,
  });

  const follow = useCallback(
    async (last: Known | undefined, signal: AbortSignal) => {
      if (!filter) return undefined;
      if (last === undefined) {
        // Where to go on from is asked first, so that nothing falls between.
        const { next: newest } = await api.tail(filter, { signal });
        const { items, next, cut } = await api.search(filter, { signal });
        const fresh = new Set<number>();
        return { items, older: next, newest, fresh, cut };
      }
      if (!live) return undefined;
      const answer = await api.tail(
        { ...filter, after: last.newest },
        { signal },
      );
      const { cut } = answer;
      return { ...added(last, answer.items, answer.next), cut };
    },
    [api, filter, live],
  );
  const { value, error, heardAt, retry } = useFollowed(follow);

  /** Ends what was asked for by another filter: its answer would be listed among what fits this one. */
  const asking = useRef<AbortController>();
  useEffect(() => {
    setKnown(undefined);
    setOlder({ loading: false });
    return () => asking.current?.abort();
  }, [filter]);
  useEffect(() => {
    if (!value) return;
    // Older ones that were asked for stay below what is new.
    setKnown(before => (before ? merged(before, value) : value));
  }, [value]);

  const loadOlder = useCallback(async () => {
    if (!filter || known?.older === undefined) return;
    asking.current?.abort();
    const { signal } = (asking.current = new AbortController());
    setOlder({ loading: true });
    try {
      const asked = { ...filter, before: known.older };
      const { items, next } = await api.search(asked, { signal });
      if (signal.aborted) return;
      setKnown(
        before =>
          before && {
            ...before,
            items: [...before.items, ...items],
            older: next,
          },
      );
      setOlder({ loading: false });
    } catch (failure) {
      if (signal.aborted) return;
      setOlder({
        loading: false,
        error: failure instanceof Error ? failure : new Error(String(failure)),
      });
    }
  }, [api, filter, known]);

  const shown = filter && { known, error, heardAt };
  return { ...shown, retry, older, loadOlder };
}

/** New ones on top; how something ended takes the place of what was meant. */
function added(last: Known, items: LedgerRecord[], newest: number): Known {
  // What is not as it was sealed ends nothing, or it could hide what was meant.
  const ended = new Set(
    items.filter(item => !item.suspect).map(item => item.intent),
  );
  // Both may come in the same answer.
  const open = (item: LedgerRecord) => !ended.has(item.id);
  // One that was sealed between asking where to go on from and asking what there is, is there already.
  const there = new Set(last.items.map(item => item.seq));
  const news = items.filter(item => open(item) && !there.has(item.seq));
  return {
    ...last,
    items: [...news.reverse(), ...last.items.filter(open)].slice(0, MOST),
    newest,
    fresh: new Set([...last.fresh, ...news.map(item => item.seq)]),
  };
}

function merged(before: Known, value: Known): Known {
  const lowest = value.items.at(-1)?.seq ?? 0;
  const below = before.items.filter(item => item.seq < lowest);
  return below.length > 0
    ? { ...value, items: [...value.items, ...below], older: before.older }
    : value;
}
