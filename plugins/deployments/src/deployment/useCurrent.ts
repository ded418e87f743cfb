import { useApi } from '@backstage/core-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import useAsync from 'react-use/esm/useAsync';
import { deploymentsApiRef } from '../api';
import { Place } from '../board/board';

/** What runs now where a deployment went; undefined while that is not known. */
export function useCurrent(deployment: Deployment): Place | undefined {
  const { service, environment, state } = deployment;
  const api = useApi(deploymentsApiRef);
  const { value } = useAsync(async () => {
    const { items } = await api.status({ service: [service], environment });
    return items.find(item => item.environment === environment);
  }, [api, service, environment, state]);
  return value;
}
