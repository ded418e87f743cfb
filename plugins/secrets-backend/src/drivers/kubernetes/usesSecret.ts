import { z } from 'zod';

const optional = z.boolean().nullish();
/** Keys that become files; every one, if left out */
const items = z.array(z.object({ key: z.string() })).nullish();
const containerSchema = z.object({
  name: z.string().optional(),
  envFrom: z
    .array(
      z.object({
        secretRef: z
          .object({ name: z.string().optional(), optional })
          .nullish(),
      }),
    )
    .nullish(),
  env: z
    .array(
      z.object({
        valueFrom: z
          .object({
            secretKeyRef: z
              .object({
                name: z.string().optional(),
                key: z.string(),
                optional,
              })
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});
export const podSchema = z.object({
  containers: z.array(containerSchema).nullish(),
  initContainers: z.array(containerSchema).nullish(),
  volumes: z
    .array(
      z.object({
        secret: z
          .object({ secretName: z.string().optional(), items })
          .nullish(),
        projected: z
          .object({
            sources: z
              .array(
                z.object({
                  secret: z
                    .object({ name: z.string().optional(), items })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});

/** A workload, as far as restarting it goes. A Rollout may leave its template to a Deployment. */
const count = z.number().nullish();
const generation = z.union([z.number(), z.string()]).nullish();
export const workloadSchema = z.object({
  metadata: z.object({ name: z.string(), generation: z.number().nullish() }),
  spec: z.object({
    template: z.object({ spec: podSchema }).nullish(),
    replicas: count,
    selector: z
      .object({
        matchLabels: z.record(z.string()).nullish(),
        matchExpressions: z.array(z.unknown()).nullish(),
      })
      .nullish(),
    /** Of a Rollout: when it was asked to replace its pods */
    restartAt: z.unknown(),
  }),
  status: z
    .object({
      // Rollouts write it as text, and a hash in old versions.
      observedGeneration: generation,
      replicas: count,
      updatedReplicas: count,
      availableReplicas: count,
      /** Of a DaemonSet */
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberAvailable: count,
      /** Of a Rollout: the last restart that was done */
      restartedAt: z.unknown(),
    })
    .nullish(),
});
export type Workload = z.output<typeof workloadSchema>;

/** Whether all pods are those that it wants now, as `kubectl rollout status` tells it. */
export function isRolledOut({ metadata, spec, status }: Workload): boolean {
  if (!status) return false;
  const seen = Number(status.observedGeneration ?? 0);
  if (seen < (metadata.generation ?? 0)) return false;
  if (spec.restartAt && !sameTime(spec.restartAt, status.restartedAt)) {
    return false;
  }
  const wanted = status.desiredNumberScheduled ?? spec.replicas ?? 1;
  const updated = status.updatedNumberScheduled ?? status.updatedReplicas ?? 0;
  const available = status.numberAvailable ?? status.availableReplicas ?? 0;
  const all = status.replicas ?? updated;
  return updated >= wanted && available >= wanted && all <= updated;
}

function sameTime(one: unknown, other: unknown): boolean {
  return new Date(String(one)).getTime() === new Date(String(other)).getTime();
}

/** Which containers of a pod read a Secret. */
type Users =
  /** As files: which of them do is left to all */
  | 'all'
  /** Into their environment, by name */
  | string[];

/**
 * Whether pods of this template read a Secret: into their environment, or as files.
 *
 * @param keys - whether they read one of these; any at all, if left out
 */
export function usesSecret(
  pod: z.output<typeof podSchema> | undefined,
  secret: string,
  keys?: string[],
): boolean {
  if (!pod) return false;
  const users = usersIn(pod, secret, keys);
  return users === 'all' || users.length > 0;
}

/** @param keys - who reads one of these; any at all, if left out */
export function usersIn(
  pod: z.output<typeof podSchema>,
  secret: string,
  keys?: string[],
): Users {
  const isMeant = (key: string) => !keys || keys.includes(key);
  const hasMeant = (chosen: Array<{ key: string }> | null | undefined) =>
    !chosen || chosen.some(({ key }) => isMeant(key));
  const asFiles = (pod.volumes ?? []).some(
    ({ secret: mounted, projected }) =>
      (mounted?.secretName === secret && hasMeant(mounted.items)) ||
      projected?.sources?.some(
        source =>
          source.secret?.name === secret && hasMeant(source.secret.items),
      ),
  );
  if (asFiles) return 'all';
  return containersIn(pod)
    .filter(
      ({ env, envFrom }) =>
        envFrom?.some(({ secretRef }) => secretRef?.name === secret) ||
        env?.some(
          ({ valueFrom }) =>
            valueFrom?.secretKeyRef?.name === secret &&
            isMeant(valueFrom.secretKeyRef.key),
        ),
    )
    .map(({ name = '' }) => name);
}

/** Values that no program can have had before they were written: none of theirs was ever there. */
export interface FirstArrival {
  /** Those that were in no Secret before */
  keys: string[];
  /** Whether there was no Secret at all before, and all of it was written at once */
  whole: boolean;
}

/**
 * Containers that cannot have begun before all that they read of some keys was there: they need each of them in their
 * environment, and it is a first arrival.
 *
 * @returns their names
 */
export function waitersIn(
  pod: z.output<typeof podSchema>,
  secret: string,
  { keys, first }: { keys: string[]; first: FirstArrival },
): string[] {
  return containersIn(pod)
    .filter(({ env, envFrom }) => {
      const needsAll = (envFrom ?? []).every(
        ({ secretRef }) =>
          secretRef?.name !== secret || (first.whole && !secretRef.optional),
      );
      const needsEach = (env ?? []).every(({ valueFrom }) => {
        const read = valueFrom?.secretKeyRef;
        if (read?.name !== secret || !keys.includes(read.key)) return true;
        return first.keys.includes(read.key) && !read.optional;
      });
      return needsAll && needsEach;
    })
    .map(({ name = '' }) => name);
}

function containersIn(pod: z.output<typeof podSchema>) {
  return [...(pod.containers ?? []), ...(pod.initContainers ?? [])];
}
