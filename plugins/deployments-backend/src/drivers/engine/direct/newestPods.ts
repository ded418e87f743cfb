import { KubernetesObjectApi } from '@kubernetes/client-node';
import { NewPods } from '@highroad/plugin-deployments-node';
import { z } from 'zod';
import { lostPods } from './lostPods';
import { Pod, PodReader } from './PodReader';

/** By which label the pods of a template are known; the hash itself where it is known already. */
type Hash =
  | { label: 'pod-template-hash' }
  | { label: 'rollouts-pod-template-hash'; hash: string };

/** The pods of the newest template of a workload. Those of older ones, which may still serve, are not among them. */
export interface NewestPods {
  /** How many of them serve, and did so for long enough */
  available: number;
  list: Pod[];
  /** Why the cluster does not let pods be made of it, such as by its quota or Pod Security */
  refused?: string;
  told: NewPods;
}

export const NO_PODS: NewPods = { hashes: [], restarts: 0, lost: [] };
const NONE: NewestPods = { available: 0, list: [], told: NO_PODS };

const replicaSetSchema = z.object({
  metadata: z.object({
    annotations: z.record(z.string()).default({}),
    labels: z.record(z.string()).default({}),
    ownerReferences: z.array(z.object({ uid: z.string() })).default([]),
  }),
  status: z
    .object({
      availableReplicas: z.number().default(0),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().default(''),
          }),
        )
        .default([]),
    })
    .default({}),
});
type ReplicaSet = z.output<typeof replicaSetSchema>;

/** @param owner.labels - what the workload selects its pods by */
export async function newestPods(
  api: KubernetesObjectApi,
  reader: PodReader,
  namespace: string,
  owner: { uid: string; labels: Record<string, string>; by: Hash },
): Promise<NewestPods> {
  const { uid, labels, by } = owner;
  const selector = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  const { items } = await api.list(
    ...(['apps/v1', 'ReplicaSet', namespace] as const),
    ...([undefined, undefined, undefined, undefined, selector] as const),
  );
  const hashOf = (set: ReplicaSet) => set.metadata.labels[by.label];
  const [newest] = items
    .map(item => replicaSetSchema.parse(item))
    .filter(set => set.metadata.ownerReferences.some(one => one.uid === uid))
    .filter(set => !('hash' in by) || hashOf(set) === by.hash)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  const hash = newest && hashOf(newest);
  if (!hash) return NONE;
  const list = await reader.list({ ...labels, [by.label]: hash });
  const restarts = list
    .flatMap(({ status }) => status.containerStatuses)
    .reduce((total, { restartCount }) => total + restartCount, 0);
  return {
    available: newest.status.availableReplicas,
    list,
    refused: newest.status.conditions.find(
      ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
    )?.message,
    told: { hashes: [hash], restarts, lost: lostPods(list) },
  };
}

function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations['deployment.kubernetes.io/revision'] ?? 0);
}
