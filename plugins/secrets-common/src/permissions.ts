import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Decided on the service, as the catalog knows it, so that any policy can say who its owners are with the catalog's own
 * conditions.
 */
const RESOURCE_TYPE_SERVICE = 'catalog-entity';

/** To see which keys a service has where, since when and by whom. No value is seen by it. */
export const secretReadPermission = createPermission({
  name: 'platform.secret.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/** To set, import, restore and delete values, in any environment. No value is seen by it. */
export const secretSetPermission = createPermission({
  name: 'platform.secret.set',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/** To see values outside of production, one by one or in a program's environment, and to compare them. */
export const secretRevealPermission = createPermission({
  name: 'platform.secret.reveal',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/** To see values of production, and to compare with them for those who may see the others too. */
export const secretRevealProductionPermission = createPermission({
  name: 'platform.secret.reveal-production',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_SERVICE,
});

/**
 * To see how many secrets are due, overdue or behind, of all services at once, without a key; and for a person, what is wrong
 * with the platform's own roles in Vault.
 */
export const secretCountPermission = createPermission({
  name: 'platform.secret.count',
  attributes: { action: 'read' },
});

export const secretPermissions = [
  secretReadPermission,
  secretSetPermission,
  secretRevealPermission,
  secretRevealProductionPermission,
  secretCountPermission,
];
