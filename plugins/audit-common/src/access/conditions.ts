import {
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import { RESOURCE_TYPE_AUDIT_RECORD } from './permissions';

/** Names of the rules that the ledger registers for its records. */
export const auditRules = {
  isServiceOwner: 'IS_SERVICE_OWNER',
  isActor: 'IS_ACTOR',
  isOfService: 'IS_OF_SERVICE',
} as const;

type AuditCondition = PermissionCondition<typeof RESOURCE_TYPE_AUDIT_RECORD>;

const condition = (
  rule: string,
  params: AuditCondition['params'],
): PermissionCriteria<AuditCondition> => ({
  rule,
  resourceType: RESOURCE_TYPE_AUDIT_RECORD,
  params,
});

/** Conditions for policies, as plain data: any policy can use them without this backend. */
export const auditConditions = {
  /** The record is about a service that one of these entities owns. `claims`: what an identity says it owns as. */
  isServiceOwner: (params: { claims: string[] }) =>
    condition(auditRules.isServiceOwner, params),
  /** The record is about something that this person or program did. */
  isActor: (params: { actor: string }) => condition(auditRules.isActor, params),
  /** The record is about one of these services. */
  isOfService: (params: { services: string[] }) =>
    condition(auditRules.isOfService, params),
};
