import { useApi } from '@backstage/core-plugin-api';
import { Deviation } from '@highroad/plugin-deployments-common';
import { useFollowed, pause } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';

/** People add them a few times a week. */
const PAUSE_MS = 60_000;
const MOST = 1_000;

/** Of one service or of all: those that lift a guardrail, and those whose time is over. */
export function useDeviations(service?: string) {
  const api = useApi(deploymentsApiRef);
  return useFollowed(
    useCallback(
      async (
        last: Deviation[] | undefined,
        signal: AbortSignal,
      ): Promise<Deviation[]> => {
        if (last) await pause(PAUSE_MS, signal);
        const { items } = await api.deviations(
          { service, state: ['active', 'expired'], limit: MOST },
          { signal },
        );
        return items;
      },
      [api, service],
    ),
  );
}
