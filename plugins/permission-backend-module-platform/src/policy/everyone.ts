import {
  catalogEntityCreatePermission,
  catalogEntityReadPermission,
  catalogEntityRefreshPermission,
  catalogEntityValidatePermission,
  catalogLocationAnalyzePermission,
  catalogLocationCreatePermission,
  catalogLocationReadPermission,
} from '@backstage/plugin-catalog-common/alpha';
import {
  kubernetesClustersReadPermission,
  kubernetesProxyPermission,
  kubernetesResourcesReadPermission,
} from '@backstage/plugin-kubernetes-common';
import { Permission } from '@backstage/plugin-permission-common';
import {
  actionExecutePermission,
  taskCreatePermission,
  templateDryRunPermission,
  templateParameterReadPermission,
  templateStepReadPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import { deploymentReadPermission } from '@highroad/plugin-deployments-common';
import { environmentReadPermission } from '@highroad/plugin-environments-common';
import {
  metricsExamplePermission,
  metricsReadPermission,
} from '@highroad/plugin-metrics-common';

/** What everyone who is signed in may read: nothing of it is secret. Machines that the configuration knows may too. */
export const everyoneReads: Permission[] = [
  catalogEntityReadPermission,
  catalogLocationReadPermission,
  deploymentReadPermission,
  environmentReadPermission,
  kubernetesClustersReadPermission,
  kubernetesResourcesReadPermission,
  metricsReadPermission,
  templateParameterReadPermission,
  templateStepReadPermission,
];

/** What everyone who is signed in may do besides: make new things, which belong to somebody from then on. */
export const everyoneDoes: Permission[] = [
  // Registering a file and having it read again
  catalogEntityCreatePermission,
  catalogEntityRefreshPermission,
  catalogEntityValidatePermission,
  catalogLocationCreatePermission,
  catalogLocationAnalyzePermission,
  // Creating a service, with a look at it before
  taskCreatePermission,
  actionExecutePermission,
  templateDryRunPermission,
  // Logs of pods. The portal's own rights in a cluster are those of a reader.
  kubernetesProxyPermission,
  // The example history of metrics is marked as such, and nobody's.
  metricsExamplePermission,
];
