import { useApi } from '@backstage/core-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { deploymentsApiRef } from '../api';

const PAGE = 25;

interface Known {
  /** Newest first */
  items: Deployment[];
  next?: string;
}

/**
 * The deployments of a service, newest first, older ones when they are asked for.
 *
 * @param state - the newest are read again when it changes
 */
export function useHistory(service: string, state?: string) {
  const api = useApi(deploymentsApiRef);
  const [known, setKnown] = useState<Known>();
  const [error, setError] = useState<Error>();
  const [loading, setLoading] = useState(true);

  const read = useCallback(
    async (before?: string) => {
      setLoading(true);
      setError(undefined);
      try {
        const { items, next } = await api.list({
          service,
          limit: PAGE,
          ...(before && { before }),
        });
        setKnown(last =>
          before ? below(last, items, next) : above(last, items, next),
        );
      } catch (failure) {
        setError(
          failure instanceof Error ? failure : new Error(String(failure)),
        );
      } finally {
        setLoading(false);
      }
    },
    [api, service],
  );
  useEffect(() => setKnown(undefined), [service]);
  useEffect(() => {
    read();
  }, [read]);
  const shown = useRef<string>();
  useEffect(() => {
    if (state === undefined) return;
    // The first is what has just been read anyway.
    if (shown.current !== undefined && shown.current !== state) read();
    shown.current = state;
  }, [read, state]);

  return { known, error, loading, read };
}

/** Older ones under those that are known. */
function below(
  last: Known | undefined,
  items: Deployment[],
  next: string | undefined,
): Known {
  return { items: [...(last?.items ?? []), ...items], next };
}

/** The newest in place of what was known of them; what is older stays. */
function above(
  last: Known | undefined,
  items: Deployment[],
  next: string | undefined,
): Known {
  const oldest = items.at(-1);
  const at = last?.items.findIndex(({ id }) => id === oldest?.id) ?? -1;
  if (!last || at < 0 || at === last.items.length - 1) return { items, next };
  return { items: [...items, ...last.items.slice(at + 1)], next: last.next };
}
