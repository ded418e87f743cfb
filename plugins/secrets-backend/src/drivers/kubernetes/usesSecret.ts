import { z } from 'zod';

const named = z.object({ name: z.string().optional() }).nullish();
const containerSchema = z.object({
  envFrom: z.array(z.object({ secretRef: named })).nullish(),
  env: z
    .array(
      z.object({
        valueFrom: z.object({ secretKeyRef: named }).nullish(),
      }),
    )
    .nullish(),
});
const podSchema = z.object({
  containers: z.array(containerSchema).nullish(),
  initContainers: z.array(containerSchema).nullish(),
  volumes: z
    .array(
      z.object({
        secret: z.object({ secretName: z.string().optional() }).nullish(),
        projected: z
          .object({ sources: z.array(z.object({ secret: named })).nullish() })
          .nullish(),
      }),
    )
    .nullish(),
});

/** A workload, as far as restarting it goes. A Rollout may leave its template to a Deployment. */
export const workloadSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ template: z.object({ spec: podSchema }).nullish() }),
});

/** Whether pods of this template read a Secret: into their environment, or as files. */
export function usesSecret(
  pod: z.output<typeof podSchema> | undefined,
  secret: string,
): boolean {
  if (!pod) return false;
  const containers = [...(pod.containers ?? []), ...(pod.initContainers ?? [])];
  const inEnvironment = containers.some(
    ({ env, envFrom }) =>
      envFrom?.some(({ secretRef }) => secretRef?.name === secret) ||
      env?.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === secret),
  );
  return (
    inEnvironment ||
    (pod.volumes ?? []).some(
      ({ secret: mounted, projected }) =>
        mounted?.secretName === secret ||
        projected?.sources?.some(source => source.secret?.name === secret),
    )
  );
}
