import { useApi } from '@backstage/core-plugin-api';
import { useFollowed, pause } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';
import { Board, pauseAfter, readBoard } from './readBoard';

/** What runs where, kept up to date while one looks at it. */
export function useBoard() {
  const api = useApi(deploymentsApiRef);
  return useFollowed(
    useCallback(
      async (last: Board | undefined, signal: AbortSignal) => {
        if (last) await pause(pauseAfter(last), signal);
        return readBoard(api, last, { now: Date.now(), signal });
      },
      [api],
    ),
  );
}
