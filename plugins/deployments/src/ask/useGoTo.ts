import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { useCallback } from 'react';
import { useNavigate } from 'react-router-dom';
import { deploymentRouteRef } from '../routes';

/** Goes to the page of a deployment, where one sees how it does. */
export function useGoTo(): (deployment: Deployment) => void {
  const navigate = useNavigate();
  const link = useRouteRef(deploymentRouteRef);
  return useCallback(
    ({ id }) => {
      if (link) navigate(link({ id }));
    },
    [navigate, link],
  );
}
