import { createPermission } from '@backstage/plugin-permission-common';

/** What rights to records are decided on. */
export const RESOURCE_TYPE_AUDIT_RECORD = 'platform-audit-record';

/** To read records. Conditional: owners read those of their services, auditors all. */
export const auditRecordReadPermission = createPermission({
  name: 'platform.audit.record.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_AUDIT_RECORD,
});

/** To verify the chain, which reads all of it. */
export const auditVerifyPermission = createPermission({
  name: 'platform.audit.verify',
  attributes: { action: 'read' },
});

export const auditPermissions = [
  auditRecordReadPermission,
  auditVerifyPermission,
];
