import {
  ENVIRONMENT_HOME_LABEL,
  ENVIRONMENT_NAME_LABEL,
  ENVIRONMENT_UID_LABEL,
} from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { isLabelledByController } from '../service/writtenByController';

const createdSchema = z.object({ creationTimestamp: z.coerce.date() });

/**
 * Whether a namespace was made for this very environment. Somebody may have taken the label away that says so: then it is its where the
 * cluster notes that the controller labelled it by the environment's name, and it is no older than that.
 */
export function isNamespaceOf(
  namespace: KubernetesObject,
  resource: Pick<EnvironmentResource, 'uid' | 'name' | 'home' | 'createdAt'>,
): boolean {
  const { labels = {} } = namespace.metadata;
  const uid = labels[ENVIRONMENT_UID_LABEL];
  if (uid !== undefined) return uid === resource.uid;
  const { creationTimestamp } = createdSchema.parse(namespace.metadata);
  return (
    labels[ENVIRONMENT_NAME_LABEL] === resource.name &&
    labels[ENVIRONMENT_HOME_LABEL] === resource.home &&
    creationTimestamp >= resource.createdAt &&
    isLabelledByController(namespace, ENVIRONMENT_NAME_LABEL)
  );
}
