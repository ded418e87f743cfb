import {
  createPermission,
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';

/** Rights to an environment are decided on who owns it; the reference of a resource is the owner's. */
export const RESOURCE_TYPE_ENVIRONMENT = 'platform-environment';

/**
 * To see environments, where they answer and how they do. Nothing of it is secret; a policy may still show only those of
 * some owners.
 */
export const environmentReadPermission = createPermission({
  name: 'platform.environment.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** To make an environment for an owner, and to change it. */
export const environmentCreatePermission = createPermission({
  name: 'platform.environment.create',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** To extend it. */
export const environmentOperatePermission = createPermission({
  name: 'platform.environment.operate',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** To end it, with all that it holds. */
export const environmentDeletePermission = createPermission({
  name: 'platform.environment.delete',
  attributes: { action: 'delete' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** To have it stay without an end. */
export const environmentKeepPermission = createPermission({
  name: 'platform.environment.keep',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** To remove what is left of environments that are gone. It belongs to nobody, so owning something does not give it. */
export const environmentRemoveOrphanPermission = createPermission({
  name: 'platform.environment.remove-orphan',
  attributes: { action: 'delete' },
});

/** To have the databases of a service made in a standing environment; deployments do so by themselves. */
export const environmentProvidePermission = createPermission({
  name: 'platform.environment.provide',
  attributes: { action: 'create' },
});

export const environmentPermissions = [
  environmentReadPermission,
  environmentCreatePermission,
  environmentOperatePermission,
  environmentDeletePermission,
  environmentKeepPermission,
  environmentProvidePermission,
  environmentRemoveOrphanPermission,
];

/** Names of the rules that policies decide on environments with. */
export const environmentRules = { isOwner: 'IS_OWNER' } as const;

type EnvironmentCondition = PermissionCondition<
  typeof RESOURCE_TYPE_ENVIRONMENT
>;

/** Conditions for policies, as plain data: any policy can use them without this backend. */
export const environmentConditions = {
  /** One of these owns it. `claims`: what an identity says it owns as. */
  isOwner: (params: {
    claims: string[];
  }): PermissionCriteria<EnvironmentCondition> => ({
    rule: environmentRules.isOwner,
    resourceType: RESOURCE_TYPE_ENVIRONMENT,
    params,
  }),
};
