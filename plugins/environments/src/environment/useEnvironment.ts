import { useApi } from '@backstage/core-plugin-api';
import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import { useFollowed } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { environmentsApiRef } from '../api';

/** One environment, followed for as long as one looks at it. */
export function useEnvironment(name: string, home: string | undefined) {
  const api = useApi(environmentsApiRef);
  return useFollowed(
    useCallback(
      async (last: EnvironmentDetail | undefined, signal: AbortSignal) => {
        const { environment } = await api.get(
          { name, home, after: last?.resourceVersion },
          { signal },
        );
        return environment;
      },
      [api, name, home],
    ),
  );
}
