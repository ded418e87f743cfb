import { useApi } from '@backstage/core-plugin-api';
import {
  Environment,
  ENVIRONMENTS_CHANNEL,
} from '@highroad/plugin-environments-common';
import { useFollowed, useNews } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';

/** Hundreds may change at once. Who wants to see one become ready looks at its own page. */
const PACE_MS = 10_000;
/** How long it is waited besides where nobody tells of changes, in milliseconds. */
const LOOK_MS = 5_000;

/** The environments on demand, kept up to date while one looks at them; none where there can be none. */
export function usePreviews() {
  const api = useApi(deploymentsApiRef);
  const news = useNews(ENVIRONMENTS_CHANNEL);
  return useFollowed<Environment[]>(
    useCallback(
      async (last: Environment[] | undefined, signal: AbortSignal) => {
        if (last) await news.wait(LOOK_MS, signal, PACE_MS);
        return (await api.previews({}, { signal })).items;
      },
      [api, news],
    ),
  );
}
