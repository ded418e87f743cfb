import { useApi } from '@backstage/core-plugin-api';
import { DiagnosedPod, Part } from '@highroad/plugin-deployments-common';
import { pause, useFollowed } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';

const BUSY_MS = 5_000;
const CALM_MS = 20_000;

/** The pods of a service somewhere, asked for again and again while one looks at them. */
export function usePods(service: string, environment: string) {
  const api = useApi(deploymentsApiRef);
  return useFollowed(
    useCallback(
      async (last: Part<DiagnosedPod> | undefined, signal: AbortSignal) => {
        if (last) {
          await pause(areCalm(last) ? CALM_MS : BUSY_MS, signal);
          if (signal.aborted) return undefined;
        }
        return (await api.pods({ service, environment }, { signal })).pods;
      },
      [api, service, environment],
    ),
  );
}

function areCalm(pods: Part<DiagnosedPod>): boolean {
  return pods.known && pods.items.every(({ ready }) => ready);
}
