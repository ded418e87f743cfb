import { KubernetesObjectApi } from '@kubernetes/client-node';
import { z } from 'zod';
import { KubernetesObject, Observation } from '../Engine';
import { isNotFound } from './answers';
import { failureOf } from './failureOf';
import { PodReader } from './PodReader';
import { observeRollout } from './observeRollout';

const count = z.number().default(0);
const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
const deploymentSchema = z.object({
  metadata: z.object({ generation: z.number(), uid: z.string() }),
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    selector: z.object({ matchLabels: z.record(z.string()) }),
  }),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      availableReplicas: count,
      conditions: z.array(conditionSchema).default([]),
    })
    .default({}),
});
const replicaSetSchema = z.object({
  metadata: z.object({
    annotations: z.record(z.string()).default({}),
    labels: z.record(z.string()).default({}),
    ownerReferences: z.array(z.object({ uid: z.string() })).default([]),
  }),
});

/** Looks at one Deployment or Rollout. */
export async function observeWorkload(
  api: KubernetesObjectApi,
  pods: PodReader,
  namespace: string,
  workload: KubernetesObject,
): Promise<Observation> {
  const { apiVersion, kind, metadata } = workload;
  const { name } = metadata;
  try {
    const found = await api.read({
      apiVersion,
      kind,
      metadata: { name, namespace },
    });
    return kind === 'Rollout'
      ? await observeRollout(found, pods)
      : await observeDeployment(found, api, pods, namespace);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return {
      verdict: 'failed',
      summary: `${kind} ${name} is gone: somebody else removed it`,
      progress: { wanted: 0, updated: 0, ready: 0, paused: false },
      evidence: [],
    };
  }
}

async function observeDeployment(
  found: unknown,
  api: KubernetesObjectApi,
  pods: PodReader,
  namespace: string,
): Promise<Observation> {
  const { metadata, spec, status } = deploymentSchema.parse(found);
  const { replicas: wanted, paused, selector } = spec;
  const { updatedReplicas: updated, availableReplicas, replicas } = status;
  const seen = status.observedGeneration >= metadata.generation;
  const ready = seen ? Math.min(updated, availableReplicas) : 0;
  const progress = { wanted, updated: seen ? updated : 0, ready, paused };
  const told = `${ready} of ${wanted} pods are ready`;
  const observation = (
    verdict: Observation['verdict'],
    summary: string,
    evidence: string[] = [],
  ): Observation => ({ verdict, summary, progress, evidence });

  if (!seen) {
    return observation('progressing', 'The cluster has not seen it yet');
  }
  const done =
    updated === wanted && replicas === wanted && availableReplicas === wanted;
  if (done) return observation('ready', told);
  if (paused) return observation('paused', `Paused: ${told}`);

  const condition = (type: string) =>
    status.conditions.find(one => one.type === type);
  const refused = condition('ReplicaFailure');
  if (refused?.status === 'True') {
    return observation('failed', 'The cluster does not let the pods be made', [
      refused.message ?? '',
    ]);
  }
  const newest = await newestTemplate(api, namespace, {
    uid: metadata.uid,
    labels: selector.matchLabels,
  });
  if (newest) {
    const failure = await failureOf(
      await pods.list({ ...selector.matchLabels, 'pod-template-hash': newest }),
      pods,
      new Date(),
    );
    if (failure) {
      return observation('failed', failure.summary, failure.evidence);
    }
  }
  const late = condition('Progressing');
  if (late?.reason === 'ProgressDeadlineExceeded') {
    return observation('failed', `It does not come on: ${told}`, [
      late.message ?? '',
    ]);
  }
  return observation('progressing', told);
}

/** The hash that the pods of the newest template carry. */
async function newestTemplate(
  api: KubernetesObjectApi,
  namespace: string,
  owner: { uid: string; labels: Record<string, string> },
): Promise<string | undefined> {
  const selector = Object.entries(owner.labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  const { items } = await api.list(
    ...(['apps/v1', 'ReplicaSet', namespace] as const),
    ...([undefined, undefined, undefined, undefined, selector] as const),
  );
  const revision = (set: z.output<typeof replicaSetSchema>) =>
    Number(set.metadata.annotations['deployment.kubernetes.io/revision'] ?? 0);
  const [newest] = items
    .map(item => replicaSetSchema.parse(item))
    .filter(set =>
      set.metadata.ownerReferences.some(({ uid }) => uid === owner.uid),
    )
    .sort((a, b) => revision(b) - revision(a));
  return newest?.metadata.labels['pod-template-hash'];
}
