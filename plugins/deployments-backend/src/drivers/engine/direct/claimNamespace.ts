import { KubernetesObjectApi } from '@kubernetes/client-node';
import { z } from 'zod';
import {
  Destination,
  EngineRefusedError,
  KubernetesObject,
} from '@highroad/plugin-deployments-node';
import { isNotFound, refusalIn } from './answers';
import { Call } from './calls';
import {
  ENVIRONMENT_ANNOTATION,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import { FIELD_MANAGER } from './namespaceObjects';

const namespaceSchema = z.object({
  metadata: z.object({
    annotations: z.record(z.string()).default({}),
    deletionTimestamp: z.coerce.date().optional(),
  }),
});

/**
 * Makes the namespace, or makes sure that it was made for this very service and environment. Names of services are unique
 * in the catalog only together with their kind and namespace there, and people may have namespaces of their own.
 *
 * @throws EngineRefusedError if it is somebody else's
 */
export async function claimNamespace(
  api: KubernetesObjectApi,
  call: Call,
  destination: Destination,
  namespace: KubernetesObject,
): Promise<void> {
  const header = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: destination.namespace },
  };
  const read = () =>
    call(() => api.read(header)).catch(error => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  let found = await read();
  if (!found) {
    try {
      await call(() =>
        api.create(namespace, undefined, undefined, FIELD_MANAGER),
      );
      return;
    } catch (error) {
      // Somebody made it at this very moment.
      if (refusalIn(error)?.code !== 409) throw error;
      found = await read();
    }
  }
  const { annotations, deletionTimestamp } =
    namespaceSchema.parse(found).metadata;
  if (deletionTimestamp) {
    throw new Error(
      `The namespace ${destination.namespace} is being removed; it can be made again when it is gone.`,
    );
  }
  const owner = annotations[SERVICE_ANNOTATION];
  const environment = annotations[ENVIRONMENT_ANNOTATION];
  const ours =
    owner === destination.service && environment === destination.environment;
  if (ours) return;
  throw new EngineRefusedError(
    `The namespace ${destination.namespace} belongs to ${
      owner
        ? `${owner} in ${environment}`
        : 'somebody who made it without the platform'
    }, not to ${destination.service} in ${
      destination.environment
    }. Give the service another name, or the environment another pattern for namespaces.`,
  );
}
