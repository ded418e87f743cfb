import { useApi } from '@backstage/core-plugin-api';
import {
  Deviation,
  DEVIATIONS_CHANNEL,
} from '@highroad/plugin-deployments-common';
import { useFollowed, useNews } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';

/** How long to leave it where nobody tells of changes: people add them a few times a week. */
const LOOK_MS = 60_000;
const MOST = 1_000;

/** Of one service or of all: those that lift a guardrail, and those whose time is over. */
export function useDeviations(service?: string) {
  const api = useApi(deploymentsApiRef);
  const news = useNews(DEVIATIONS_CHANNEL);
  return useFollowed(
    useCallback(
      async (
        last: Deviation[] | undefined,
        signal: AbortSignal,
      ): Promise<Deviation[]> => {
        if (last) await news.wait(LOOK_MS, signal);
        const { items } = await api.deviations(
          { service, state: ['active', 'expired'], limit: MOST },
          { signal },
        );
        return items;
      },
      [api, news, service],
    ),
  );
}
