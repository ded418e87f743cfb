import { usePermission } from '@backstage/plugin-permission-react';
import {
  deviationChangePermission,
  deviationProductionPermission,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';

/** Where the reader may lift guardrails of a service. The backend decides again; this is for what to offer. */
export function useDeviationRights(service: string) {
  const { allowed } = usePermission({
    permission: deviationChangePermission,
    resourceRef: service,
  });
  const production = usePermission({
    permission: deviationProductionPermission,
  });
  return (environment: Pick<StandingEnvironment, 'production'>) =>
    allowed && (production.allowed || !environment.production);
}
