import { usePermission } from '@backstage/plugin-permission-react';
import {
  deploymentApprovePermission,
  deploymentCreatePermission,
  deploymentRollbackPermission,
} from '@highroad/plugin-deployments-common';

/** What the reader may do with a service. The backend decides again; this is for what to offer. */
export function useRights(service: string | undefined) {
  const create = usePermission({
    permission: deploymentCreatePermission,
    resourceRef: service,
  });
  const rollback = usePermission({
    permission: deploymentRollbackPermission,
    resourceRef: service,
  });
  const approve = usePermission({
    permission: deploymentApprovePermission,
    resourceRef: service,
  });
  return {
    loading: create.loading || rollback.loading || approve.loading,
    create: create.allowed,
    rollback: rollback.allowed,
    approve: approve.allowed,
  };
}
