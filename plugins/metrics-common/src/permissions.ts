import { createPermission } from '@backstage/plugin-permission-common';

/** To see metrics. They are of services and groups, never of a person. */
export const metricsReadPermission = createPermission({
  name: 'platform.metrics.read',
  attributes: { action: 'read' },
});

/** To add events to the ledger, for pipelines and imports. What is added stays. */
export const metricsIngestPermission = createPermission({
  name: 'platform.metrics.ingest',
  attributes: { action: 'create' },
});

/** To compute everything anew, to try events of the quarantine again, and to remove the example history. */
export const metricsManagePermission = createPermission({
  name: 'platform.metrics.manage',
  attributes: { action: 'update' },
});

export const metricsPermissions = [
  metricsReadPermission,
  metricsIngestPermission,
  metricsManagePermission,
];
