import { useApi } from '@backstage/core-plugin-api';
import { DEPLOYMENTS_CHANNEL } from '@highroad/plugin-deployments-common';
import { useFollowed, useNews } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { environmentsApiRef, RunningService } from '../api';

/** How often it is asked for where nobody tells of changes, in milliseconds. */
const EVERY_MS = 15_000;
/** All of it is read each time: the more there is, the longer it is left alone after each look, in milliseconds. */
const PACE_MS_EACH = 2;

/** What runs in the environments that stay, kept up to date while one looks at it. */
export function useRunning() {
  const api = useApi(environmentsApiRef);
  const news = useNews(DEPLOYMENTS_CHANNEL);
  return useFollowed(
    useCallback(
      async (last: RunningService[] | undefined, signal: AbortSignal) => {
        if (last) {
          await news.wait(EVERY_MS, signal, last.length * PACE_MS_EACH);
        }
        return api.runs({ signal });
      },
      [api, news],
    ),
  );
}
