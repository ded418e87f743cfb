import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';
import { serviceOf } from '../service/serviceOf';
import { VALUES_ANNOTATION } from './objects/databaseSecret';
import { OwnedObjects } from './OwnedObjects';

const workloadSchema = z.object({
  spec: z.object({
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string()).default({}) }),
    }),
  }),
});

/**
 * What the pods of each Deployment of a service are to begin with: of databases, and of secrets.
 *
 * @param of.uid - of the environment
 * @param of.service - its name in the environment
 */
export function deploymentValues(
  owned: Pick<OwnedObjects, 'get' | 'of'>,
  { uid, namespace, service }: Record<'uid' | 'namespace' | 'service', string>,
): string[][] {
  return (
    owned
      .of('Deployment', uid)
      .filter(({ metadata }) => serviceOf(metadata.labels) === service)
      // What was just written may not have been shown yet.
      .map(one => owned.get('Deployment', one.metadata.name, namespace) ?? one)
      .map(valuesOf)
  );
}

function valuesOf(deployment: KubernetesObject): string[] {
  const { template } = workloadSchema.parse(deployment).spec;
  return template.metadata.annotations[VALUES_ANNOTATION]?.split(',') ?? [];
}
