import { useApi } from '@backstage/core-plugin-api';
import { Diagnosis } from '@highroad/plugin-deployments-common';
import { useFollowed, pause } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';

const BUSY_MS = 5_000;
const CALM_MS = 20_000;

/** How a service is doing somewhere, asked again and again while one looks at it. */
export function useDiagnosis(service: string, environment: string) {
  const api = useApi(deploymentsApiRef);
  return useFollowed(
    useCallback(
      async (last: Diagnosis | undefined, signal: AbortSignal) => {
        if (last) {
          const calm = ['healthy', 'absent'].includes(last.verdict.health);
          await pause(calm ? CALM_MS : BUSY_MS, signal);
          if (signal.aborted) return undefined;
        }
        const { diagnosis } = await api.diagnose(
          { service, environment },
          { signal },
        );
        return diagnosis;
      },
      [api, service, environment],
    ),
  );
}
