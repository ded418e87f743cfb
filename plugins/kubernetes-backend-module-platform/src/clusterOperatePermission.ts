import { createPermission } from '@backstage/plugin-permission-common';

/** Asking a cluster for anything but the logs of a pod, with the portal's own rights there. */
export const clusterOperatePermission = createPermission({
  name: 'platform.cluster.operate',
  attributes: { action: 'update' },
});
