import { useApi } from '@backstage/core-plugin-api';
import { DEPLOYMENTS_CHANNEL } from '@highroad/plugin-deployments-common';
import { useFollowed, useNews } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';
import { Board, pauseAfter, readBoard } from './readBoard';

/** What runs where, kept up to date while one looks at it. */
export function useBoard() {
  const api = useApi(deploymentsApiRef);
  const news = useNews(DEPLOYMENTS_CHANNEL);
  return useFollowed(
    useCallback(
      async (last: Board | undefined, signal: AbortSignal) => {
        if (last) await news.wait(pauseAfter(last), signal);
        return readBoard(api, last, { now: Date.now(), signal });
      },
      [api, news],
    ),
  );
}
