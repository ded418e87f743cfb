import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To see metrics. They are of services, systems and groups, never of a person, and decided on these as the catalog knows
 * them. Numbers of everything take it without a condition.
 */
export const metricsReadPermission = createPermission({
  name: 'platform.metrics.read',
  attributes: { action: 'read' },
  resourceType: 'catalog-entity',
});

/** To add events to the ledger, for pipelines and imports. What is added stays. */
export const metricsIngestPermission = createPermission({
  name: 'platform.metrics.ingest',
  attributes: { action: 'create' },
});

/** To show the example history, and to take it out. It is nobody's. */
export const metricsExamplePermission = createPermission({
  name: 'platform.metrics.example',
  attributes: { action: 'update' },
});

/** To compute everything anew, and to see and try again what is in the quarantine. */
export const metricsManagePermission = createPermission({
  name: 'platform.metrics.manage',
  attributes: { action: 'update' },
});

export const metricsPermissions = [
  metricsReadPermission,
  metricsIngestPermission,
  metricsExamplePermission,
  metricsManagePermission,
];
