import { createHash } from 'node:crypto';

/** What the portal does in Vault, each with a role that may do nothing else. */
export const portalRoles = ['write', 'reveal', 'sync', 'policies'] as const;
export type PortalRole = (typeof portalRoles)[number];

export interface AppRole {
  roleId: string;
  secretId: string;
}

type Ask = (method: string, path: string, body?: object) => Promise<unknown>;

/**
 * How the portal signs in as each role. Derived, so that sandboxes have them too whose credentials were made before there
 * were these roles.
 */
export function portalAppRoles(first: AppRole): Record<PortalRole, AppRole> {
  const of = (role: PortalRole): AppRole => ({
    roleId: `${first.roleId}-${role}`,
    secretId: createHash('sha256')
      .update(`${first.secretId} ${role}`)
      .digest('hex'),
  });
  return {
    write: of('write'),
    reveal: of('reveal'),
    sync: of('sync'),
    policies: of('policies'),
  };
}

/** Sets up an AppRole and a policy for each thing that the portal does with a KV engine. */
export async function setUpRoles(
  ask: Ask,
  options: {
    mount: string;
    /** What the names of policies and roles begin with */
    name: string;
    appRoles: Record<PortalRole, AppRole>;
  },
): Promise<void> {
  const { mount, name, appRoles } = options;
  for (const role of portalRoles) {
    const own = `${name}-${role}`;
    const { roleId, secretId } = appRoles[role];
    await ask('PUT', `sys/policies/acl/${own}`, {
      policy: policyOf(role, mount),
    });
    await ask('POST', `auth/approle/role/${own}`, {
      token_policies: [own],
      token_no_default_policy: false,
      token_ttl: '20m',
      token_max_ttl: '1h',
    });
    await ask('POST', `auth/approle/role/${own}/role-id`, { role_id: roleId });
    await ask('POST', `auth/approle/role/${own}/custom-secret-id`, {
      secret_id: secretId,
    }).catch(error => {
      // It is kept in the vault from one start to the next.
      if (!/already registered/.test(error.message)) throw error;
    });
  }
}

/** Writing does not read, and revealing does not write. */
function policyOf(role: PortalRole, mount: string): string {
  const look = { [`${mount}/metadata/*`]: ['read', 'list'] };
  const read = { ...look, [`${mount}/data/*`]: ['read'] };
  const rules: Record<PortalRole, Record<string, string[]>> = {
    write: {
      [`${mount}/data/*`]: ['create', 'update'],
      [`${mount}/delete/*`]: ['create', 'update'],
      [`${mount}/undelete/*`]: ['create', 'update'],
      [`${mount}/metadata/*`]: ['create', 'read', 'update', 'list'],
      // What fingerprints are keyed with
      [`${mount}/data/_highroad/*`]: ['create', 'read'],
    },
    reveal: read,
    sync: read,
    policies: {
      'sys/policies/acl': ['list'],
      'sys/policies/acl/highroad-service-*': [
        ...['create', 'read', 'update', 'delete'],
      ],
      // By which programs of services sign in
      'auth/kubernetes/role': ['list'],
      'auth/kubernetes/role/highroad-service-*': [
        ...['create', 'read', 'update', 'delete'],
      ],
    },
  };
  return JSON.stringify({
    path: Object.fromEntries(
      Object.entries(rules[role]).map(([path, capabilities]) => [
        path,
        { capabilities },
      ]),
    ),
  });
}
