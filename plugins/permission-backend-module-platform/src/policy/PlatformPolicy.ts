import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  isPermission,
  isResourcePermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  createScaffolderTaskConditionalDecision,
  scaffolderTaskConditions,
} from '@backstage/plugin-scaffolder-backend/alpha';
import {
  taskCancelPermission,
  taskReadPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import {
  auditConditions,
  auditPermissions,
  auditRecordReadPermission,
} from '@highroad/plugin-audit-common';
import {
  environmentConditions,
  RESOURCE_TYPE_ENVIRONMENT,
} from '@highroad/plugin-environments-common';
import { everyoneDoes, everyoneReads } from './everyone';
import { ownersDo, ownersDoToEnvironments } from './owners';
import { Roles } from './readRoles';

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

/** All that somebody is, as owners are named: themselves, their groups, and the groups around these. */
export interface Claims {
  of(user: PolicyQueryUser): Promise<string[]>;
}

/**
 * Who may do what. From the top: the first rule that speaks of it decides, and what no rule speaks of is denied.
 *
 * Tokens of machines do not come by here; see {@link MachinePermissions}.
 */
export class PlatformPolicy implements PermissionPolicy {
  readonly #roles: Roles;
  readonly #claims: Claims;

  constructor(options: { roles: Roles; claims: Claims }) {
    this.#roles = options.roles;
    this.#claims = options.claims;
  }

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    // 1. Nobody may do anything without signing in.
    if (!user) return DENY;

    // 2. Everyone who is signed in reads what is not secret, and makes new things.
    if (isOneOf(permission, everyoneReads)) return ALLOW;
    if (isOneOf(permission, everyoneDoes)) return ALLOW;

    // 3. The platform team administers.
    const claims = await this.#claims.of(user);
    if (claims.some(claim => this.#roles.admins.includes(claim))) return ALLOW;

    // 4. Auditors see all records and verify them. Others see those of their services, and of what they did themselves.
    if (isOneOf(permission, auditPermissions)) {
      const auditor = claims.some(claim =>
        this.#roles.auditors.includes(claim),
      );
      if (auditor) return ALLOW;
    }
    if (isPermission(permission, auditRecordReadPermission)) {
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'audit',
        resourceType: permission.resourceType,
        conditions: {
          anyOf: [
            auditConditions.isServiceOwner({ claims }),
            auditConditions.isActor({ actor: user.info.userEntityRef }),
          ],
        },
      };
    }

    // 5. A creation that is under way belongs to whoever started it.
    if (
      isPermission(permission, taskReadPermission) ||
      isPermission(permission, taskCancelPermission)
    ) {
      return createScaffolderTaskConditionalDecision(
        permission,
        scaffolderTaskConditions.isTaskOwner({
          createdBy: [user.info.userEntityRef],
        }),
      );
    }

    // 6. Owners operate their services, in every environment: what is listed, and nothing that a plugin adds unlisted.
    if (
      isResourcePermission(permission, RESOURCE_TYPE_CATALOG_ENTITY) &&
      isOneOf(permission, ownersDo)
    ) {
      return createCatalogConditionalDecision(
        permission,
        catalogConditions.isEntityOwner({ claims }),
      );
    }

    // 7. Preview environments belong to a group, and its members do with them what is listed.
    if (
      isResourcePermission(permission, RESOURCE_TYPE_ENVIRONMENT) &&
      isOneOf(permission, ownersDoToEnvironments)
    ) {
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'environments',
        resourceType: permission.resourceType,
        conditions: environmentConditions.isOwner({ claims }),
      };
    }

    // 8. The rest is denied.
    return DENY;
  }
}

function isOneOf(permission: Permission, list: Permission[]): boolean {
  return list.some(one => one.name === permission.name);
}
