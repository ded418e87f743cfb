import { useApi } from '@backstage/core-plugin-api';
import {
  DeploymentDetail,
  hasEnded,
} from '@highroad/plugin-deployments-common';
import { useFollowed } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { deploymentsApiRef } from '../api';

/** One deployment, followed until it has ended. */
export function useDeployment(id: string) {
  const api = useApi(deploymentsApiRef);
  return useFollowed(
    useCallback(
      async (last: DeploymentDetail | undefined, signal: AbortSignal) => {
        if (last && hasEnded(last.state)) return undefined;
        const { deployment } = await api.get(
          { id, after: last?.revision },
          { signal },
        );
        return deployment;
      },
      [api, id],
    ),
  );
}
