import { PermissionRuleParams } from '@backstage/plugin-permission-common';
import {
  createPermissionResourceRef,
  PermissionRule,
} from '@backstage/plugin-permission-node';
import {
  environmentRules,
  RESOURCE_TYPE_ENVIRONMENT,
} from '@highroad/plugin-environments-common';
import { z } from 'zod';

/** What rights to environments are decided on. */
export interface OwnedEnvironment {
  /** Reference of the owner */
  owner: string;
}

/** What a rule asks of environments that may be seen. */
export interface OwnerQuery {
  owners: string[];
}

export const environmentResourceRef = createPermissionResourceRef<
  OwnedEnvironment,
  OwnerQuery
>().with({ pluginId: 'environments', resourceType: RESOURCE_TYPE_ENVIRONMENT });

type RuleOf<P extends PermissionRuleParams> = PermissionRule<
  OwnedEnvironment,
  OwnerQuery,
  typeof RESOURCE_TYPE_ENVIRONMENT,
  P
>;
function rule<P extends PermissionRuleParams>(options: {
  name: string;
  description: string;
  params: z.ZodType<P>;
  apply: (environment: OwnedEnvironment, params: P) => boolean;
  toQuery: (params: P) => OwnerQuery;
}): RuleOf<P> {
  const { name, description, params, apply, toQuery } = options;
  return {
    ...{ name, description, apply, toQuery },
    resourceType: RESOURCE_TYPE_ENVIRONMENT,
    // The permission library's own copy of zod has types of its own; what it does with a schema is the same.
    paramsSchema: params as unknown as RuleOf<P>['paramsSchema'],
  } as RuleOf<P>;
}

/** The rules that policies can decide on environments with. */
export const environmentAccessRules = [
  rule({
    name: environmentRules.isOwner,
    description: 'One of these owns the environment',
    params: z.object({
      claims: z.array(z.string()).describe('References of entities'),
    }),
    apply: ({ owner }, { claims }) => claims.includes(owner),
    toQuery: ({ claims }) => ({ owners: claims }),
  }),
];

/** The reference of a resource is the owner itself: nothing has to be looked up, and one that is not made yet has one too. */
export async function ownedEnvironments(
  references: string[],
): Promise<OwnedEnvironment[]> {
  return references.map(owner => ({ owner }));
}
