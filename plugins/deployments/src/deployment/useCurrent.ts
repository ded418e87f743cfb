import { useApi } from '@backstage/core-plugin-api';
import {
  Deployment,
  DEPLOYMENTS_CHANNEL,
} from '@highroad/plugin-deployments-common';
import { useFollowed, useNews } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';
import { Place } from '../board/board';

/** How often it is looked where nobody tells of changes, in milliseconds. */
const LOOK_MS = 15_000;
/** How long it is left alone after each look, however much is deployed elsewhere, in milliseconds. */
const PACE_MS = 5_000;

/** What runs now where a deployment went, also when that is another; undefined while it is not known. */
export function useCurrent(deployment: Deployment): Place | undefined {
  const { service, environment, state } = deployment;
  const api = useApi(deploymentsApiRef);
  const news = useNews(DEPLOYMENTS_CHANNEL);
  const { value } = useFollowed(
    useCallback(
      async (
        last: { ofState: string; place?: Place } | undefined,
        signal: AbortSignal,
      ) => {
        // When it gets on itself, it is asked at once.
        if (last?.ofState === state) {
          await news.wait(LOOK_MS, signal, PACE_MS);
        }
        const asked = { service: [service], environment };
        const { items } = await api.status(asked, { signal });
        return {
          ofState: state,
          place: items.find(item => item.environment === environment),
        };
      },
      [api, news, service, environment, state],
    ),
  );
  return value?.place;
}
