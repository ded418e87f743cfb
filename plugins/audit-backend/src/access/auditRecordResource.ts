import {
  auditRules,
  LedgerRecord,
  RESOURCE_TYPE_AUDIT_RECORD,
} from '@highroad/plugin-audit-common';
import {
  createPermissionResourceRef,
  PermissionRule,
} from '@backstage/plugin-permission-node';
import { PermissionRuleParams } from '@backstage/plugin-permission-common';
import { z } from 'zod';

/** A record, and who owns the service that it is about. */
export interface AuditRecordResource {
  record: LedgerRecord;
  /** References of the owners */
  owners: string[];
}

/** What a rule asks of the records that may be seen. */
export type VisibilityTerm =
  | { ownedBy: string[] }
  | { actors: string[] }
  | { services: string[] };

export const auditRecordResourceRef = createPermissionResourceRef<
  AuditRecordResource,
  VisibilityTerm
>().with({ pluginId: 'audit', resourceType: RESOURCE_TYPE_AUDIT_RECORD });

const refs = z.array(z.string()).describe('References of entities');

/** The rules that policies can decide on records with. */
export const auditRecordRules = [
  rule({
    name: auditRules.isServiceOwner,
    description: 'The record is about a service that one of these owns',
    params: z.object({ claims: refs }),
    apply: ({ owners }, { claims }) =>
      owners.some(owner => claims.includes(owner)),
    toQuery: ({ claims }) => ({ ownedBy: claims }),
  }),
  rule({
    name: auditRules.isActor,
    description: 'The record is about something that this one did',
    params: z.object({
      actor: z
        .string()
        .describe('Reference of a person, or subject of a token'),
    }),
    apply: ({ record }, { actor }) => record.actor.ref === actor,
    toQuery: ({ actor }) => ({ actors: [actor] }),
  }),
  rule({
    name: auditRules.isOfService,
    description: 'The record is about one of these services',
    params: z.object({ services: refs }),
    apply: ({ record }, { services }) =>
      record.service !== undefined && services.includes(record.service),
    toQuery: ({ services }) => ({ services }),
  }),
];

type RuleOf<P extends PermissionRuleParams> = PermissionRule<
  AuditRecordResource,
  VisibilityTerm,
  typeof RESOURCE_TYPE_AUDIT_RECORD,
  P
>;

function rule<P extends PermissionRuleParams>(options: {
  name: string;
  description: string;
  params: z.ZodType<P>;
  apply: (resource: AuditRecordResource, params: P) => boolean;
  toQuery: (params: P) => VisibilityTerm;
}): RuleOf<P> {
  const { name, description, params, apply, toQuery } = options;
  return {
    ...{ name, description, apply, toQuery },
    resourceType: RESOURCE_TYPE_AUDIT_RECORD,
    // The permission library's own copy of zod has types of its own; what it does with a schema is the same.
    paramsSchema: params as unknown as RuleOf<P>['paramsSchema'],
  } as RuleOf<P>;
}
