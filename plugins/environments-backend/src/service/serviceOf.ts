import { SERVICE_LABEL } from '@highroad/plugin-environments-common';
import { SERVICE_LABEL as MANIFESTS_LABEL } from '@highroad/plugin-platform-node/manifests';

/** The service that an object is of by its labels, whether its own manifests brought it or the environment's. */
export function serviceOf(
  labels: Record<string, string> = {},
): string | undefined {
  return labels[MANIFESTS_LABEL] ?? labels[SERVICE_LABEL];
}
