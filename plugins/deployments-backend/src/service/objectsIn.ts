import { parseAllDocuments } from 'yaml';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { kubernetesObjectSchema } from '@highroad/plugin-platform-node/manifests';

/** Reads manifests that were kept. They were checked when they were written. */
export function objectsIn(manifests: string): KubernetesObject[] {
  return parseAllDocuments(manifests)
    .map(document => document.toJS({ maxAliasCount: 0 }) as unknown)
    .filter(value => value !== null)
    .map(value => kubernetesObjectSchema.parse(value));
}
