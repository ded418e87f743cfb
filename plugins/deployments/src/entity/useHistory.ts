import { useApi } from '@backstage/core-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { useCallback, useEffect, useState } from 'react';
import { deploymentsApiRef } from '../api';

const PAGE = 25;

interface Known {
  /** Newest first */
  items: Deployment[];
  next?: string;
}

/** The deployments of a service, newest first, older ones when they are asked for. */
export function useHistory(service: string) {
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
        setKnown(last => ({
          items: before ? [...(last?.items ?? []), ...items] : items,
          next,
        }));
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
  useEffect(() => {
    setKnown(undefined);
    read();
  }, [read]);

  return { known, error, loading, read };
}
