import { catalogEntityDeletePermission } from '@backstage/plugin-catalog-common/alpha';
import { Permission } from '@backstage/plugin-permission-common';
import {
  deploymentApprovePermission,
  deploymentCreatePermission,
  deploymentRollbackPermission,
  deviationChangePermission,
} from '@highroad/plugin-deployments-common';
import {
  environmentCreatePermission,
  environmentDeletePermission,
  environmentKeepPermission,
  environmentOperatePermission,
} from '@highroad/plugin-environments-common';
import {
  secretReadPermission,
  secretRevealPermission,
  secretRevealProductionPermission,
  secretSetPermission,
} from '@highroad/plugin-secrets-common';

/** What owners may do to what they own. A permission that a plugin adds is no owner's before it stands here. */
export const ownersDo: Permission[] = [
  catalogEntityDeletePermission,
  deploymentCreatePermission,
  deploymentRollbackPermission,
  deploymentApprovePermission,
  deviationChangePermission,
  secretReadPermission,
  secretSetPermission,
  secretRevealPermission,
  secretRevealProductionPermission,
];

/** What the owners of a preview environment may do to it; making one for oneself is among it. */
export const ownersDoToEnvironments: Permission[] = [
  environmentCreatePermission,
  environmentOperatePermission,
  environmentDeletePermission,
  environmentKeepPermission,
];
