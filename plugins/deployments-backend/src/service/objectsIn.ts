import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { KubernetesObject } from '../drivers/engine/Engine';

const objectSchema = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z
      .object({
        name: z.string(),
        namespace: z.string().optional(),
        labels: z.record(z.string()).optional(),
        annotations: z.record(z.string()).optional(),
      })
      .passthrough(),
  })
  .passthrough();

/** Reads manifests that were kept. They were checked when they were written. */
export function objectsIn(manifests: string): KubernetesObject[] {
  return parseAllDocuments(manifests)
    .map(document => document.toJS({ maxAliasCount: 0 }) as unknown)
    .filter(value => value !== null)
    .map(value => objectSchema.parse(value));
}
