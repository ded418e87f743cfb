import { z } from 'zod';

const texts = z
  .record(z.string())
  .nullish()
  .transform(value => value ?? undefined);

/** What every object of Kubernetes has. All else is kept as it is. */
export const kubernetesObjectSchema = z
  .object({
    apiVersion: z.string().min(1),
    kind: z.string().min(1),
    metadata: z
      .object({
        // Not a generated one: applied again, it would be another object.
        name: z.string().min(1).max(253),
        namespace: z.string().optional(),
        labels: texts,
        annotations: texts,
      })
      .passthrough(),
  })
  .passthrough();
export type KubernetesObject = z.output<typeof kubernetesObjectSchema>;

/** As a person would call it: `Deployment cart`. */
export function describeObject({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
