import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Operating a service is decided on the service itself, as the catalog knows it, so that any policy can say who its
 * owners are with the catalog's own conditions.
 */
const RESOURCE_TYPE_SERVICE = 'catalog-entity';

/** To bring a version of a service somewhere, and to steer that while it goes on. */
export const deploymentCreatePermission = createPermission({
  name: 'platform.deployment.create',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/** To put back what ran before. Owners always may, without asking. */
export const deploymentRollbackPermission = createPermission({
  name: 'platform.deployment.rollback',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/** To approve what somebody else asked for, where an environment wants a second person. */
export const deploymentApprovePermission = createPermission({
  name: 'platform.deployment.approve',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/** To see what runs where. Nothing of it is secret; a policy may still show only some services. */
export const deploymentReadPermission = createPermission({
  name: 'platform.deployment.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/** To lift a guardrail for a service, and to have it hold again. */
export const deviationChangePermission = createPermission({
  name: 'platform.deviation.change',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/** Besides, to do that in production: of no service in particular, so that owning one does not give it. */
export const deviationProductionPermission = createPermission({
  name: 'platform.deviation.change-production',
  attributes: { action: 'update' },
});

export const deploymentPermissions = [
  deploymentCreatePermission,
  deploymentRollbackPermission,
  deploymentApprovePermission,
  deploymentReadPermission,
  deviationChangePermission,
  deviationProductionPermission,
];
