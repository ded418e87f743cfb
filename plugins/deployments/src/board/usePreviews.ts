import { useApi } from '@backstage/core-plugin-api';
import { Environment } from '@highroad/plugin-environments-common';
import { pause, useFollowed } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';

/** Who wants to see one become ready looks at its own page. */
const EVERY_MS = 15_000;

/** The environments on demand, kept up to date while one looks at them; none where there can be none. */
export function usePreviews() {
  const api = useApi(deploymentsApiRef);
  return useFollowed<Environment[]>(
    useCallback(
      async (last: Environment[] | undefined, signal: AbortSignal) => {
        if (last) await pause(EVERY_MS, signal);
        return (await api.previews({}, { signal })).items;
      },
      [api],
    ),
  );
}
