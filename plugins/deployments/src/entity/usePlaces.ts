import { useApi } from '@backstage/core-plugin-api';
import {
  DEPLOYMENTS_CHANNEL,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { useFollowed, useNews } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';
import { columnsOf, isActive, Place } from '../board/board';
import { Board } from '../board/readBoard';

const BUSY_MS = 2_000;
const CALM_MS = 15_000;

/** Where a service can run, and what runs there. */
export interface Places {
  environments: StandingEnvironment[];
  /** In the environments' order */
  places: Place[];
  /** Environments of which it is not known how many pods are ready, and why */
  unwatched: Board['unwatched'];
}

/** What runs where of one service, kept up to date while one looks at it. */
export function usePlaces(service: string) {
  const api = useApi(deploymentsApiRef);
  const news = useNews(DEPLOYMENTS_CHANNEL);
  return useFollowed(
    useCallback(
      async (
        last: Places | undefined,
        signal: AbortSignal,
      ): Promise<Places> => {
        if (last) {
          await news.wait(isActive(last.places) ? BUSY_MS : CALM_MS, signal);
        }
        const [environments, status] = await Promise.all([
          last
            ? { items: last.environments }
            : api.environments({}, { signal }),
          api.status({ service: [service] }, { signal }),
        ]);
        const order = columnsOf(environments.items, status.items);
        return {
          environments: environments.items,
          unwatched: status.unwatched ?? [],
          places: order.map(
            environment =>
              status.items.find(item => item.environment === environment) ?? {
                service,
                environment,
              },
          ),
        };
      },
      [api, news, service],
    ),
  );
}
