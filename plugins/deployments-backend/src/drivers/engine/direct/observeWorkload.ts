import { KubernetesObjectApi } from '@kubernetes/client-node';
import { z } from 'zod';
import {
  KubernetesObject,
  Observation,
} from '@highroad/plugin-deployments-node';
import { isNotFound } from './answers';
import { failureOf } from './failureOf';
import { newestPods, NO_PODS } from './newestPods';
import { PodReader } from './PodReader';
import { selectorSchema } from './selectorSchema';
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
    selector: selectorSchema,
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
/** Where a workload is looked at, and by what. */
export interface Looking {
  api: KubernetesObjectApi;
  pods: PodReader;
  namespace: string;
  /** By the cluster's clock */
  now: () => Promise<Date>;
}

/** Looks at one Deployment or Rollout. */
export async function observeWorkload(
  looking: Looking,
  workload: KubernetesObject,
): Promise<Observation> {
  const { api, namespace } = looking;
  const { apiVersion, kind, metadata } = workload;
  const { name } = metadata;
  try {
    const found = await api.read({
      apiVersion,
      kind,
      metadata: { name, namespace },
    });
    return kind === 'Rollout'
      ? await observeRollout(found, looking)
      : await observeDeployment(found, looking);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return {
      verdict: 'failed',
      summary: `${kind} ${name} is gone: somebody else removed it`,
      progress: { wanted: 0, updated: 0, ready: 0, paused: false },
      evidence: [],
      pods: NO_PODS,
    };
  }
}

async function observeDeployment(
  found: unknown,
  { api, pods, namespace, now }: Looking,
): Promise<Observation> {
  const { metadata, spec, status } = deploymentSchema.parse(found);
  const { replicas: wanted, paused, selector } = spec;
  const { updatedReplicas: updated, availableReplicas, replicas } = status;
  const seen = status.observedGeneration >= metadata.generation;
  const newest = await newestPods(api, pods, namespace, {
    uid: metadata.uid,
    labels: selector.matchLabels,
    by: { label: 'pod-template-hash' },
  });
  const ready = seen ? newest.available : 0;
  const progress = { wanted, updated: seen ? updated : 0, ready, paused };
  const told = `${ready} of ${wanted} pods are ready`;
  const observation = (
    verdict: Observation['verdict'],
    summary: string,
    evidence: string[] = [],
  ): Observation => ({
    verdict,
    summary,
    progress,
    evidence,
    pods: newest.told,
  });

  if (!seen) {
    return observation('progressing', 'The cluster has not seen it yet');
  }
  // Also where all of it is there: it would not be seen that nothing goes on from here before somebody ends the pause.
  if (paused) return observation('paused', `Paused: ${told}`);
  const done =
    updated === wanted && replicas === wanted && availableReplicas === wanted;
  if (done) return observation('ready', told);

  const failure = await failureOf(newest, now);
  if (failure) {
    const { summary, evidence, lacksNode } = failure;
    return { ...observation('failed', summary, evidence), lacksNode };
  }
  const late = status.conditions.find(({ type }) => type === 'Progressing');
  if (late?.reason === 'ProgressDeadlineExceeded') {
    return observation('failed', `It does not come on: ${told}`, [
      late.message ?? '',
    ]);
  }
  return observation('progressing', told);
}
