import { z } from 'zod';
import { Observation } from '@highroad/plugin-deployments-node';
import { analysisEvidence } from './analysisEvidence';
import { canaryWeight } from './canaryWeight';
import { failureOf } from './failureOf';
import { NewestPods, newestPods, NO_PODS } from './newestPods';
import { pauseEnd } from './pauseEnd';
import { selectorSchema } from './selectorSchema';
import { Looking } from './observeWorkload';

const count = z.number().default(0);
/** Argo Rollouts looks again every 20 seconds whether what a Rollout refers to is there by now. */
const INCOMPLETE_MS = 45_000;
/** Phases of an analysis that has not ended. */
const UNDER_WAY = ['Pending', 'Running'];
const runStatus = z
  .object({ name: z.string(), status: z.string().optional() })
  .nullish();
const rolloutSchema = z.object({
  metadata: z.object({ generation: z.number(), uid: z.string() }),
  spec: z.object({
    replicas: z.number().default(1),
    selector: selectorSchema,
    paused: z.boolean().default(false),
    strategy: z
      .object({
        canary: z
          .object({ steps: z.array(z.record(z.unknown())).default([]) })
          .optional(),
        blueGreen: z.record(z.unknown()).optional(),
      })
      .default({}),
  }),
  status: z
    .object({
      // Argo Rollouts writes it as text.
      observedGeneration: z.coerce.number().default(0),
      phase: z.string().optional(),
      message: z.string().optional(),
      currentPodHash: z.string().optional(),
      stableRS: z.string().optional(),
      currentStepIndex: z.number().optional(),
      updatedReplicas: count,
      availableReplicas: count,
      readyReplicas: count,
      replicas: count,
      abort: z.boolean().default(false),
      conditions: z
        .array(
          z.object({ type: z.string(), lastTransitionTime: z.coerce.date() }),
        )
        .default([]),
      canary: z
        .object({
          currentBackgroundAnalysisRunStatus: runStatus,
          currentStepAnalysisRunStatus: runStatus,
          weights: z
            .object({ canary: z.object({ weight: z.number() }).optional() })
            .optional(),
        })
        .default({}),
    })
    .default({}),
});
type Rollout = z.output<typeof rolloutSchema>;

/** How a Rollout of Argo Rollouts is doing; it judges its own analyses. */
export async function observeRollout(
  found: unknown,
  { api, pods, namespace, now }: Looking,
): Promise<Observation> {
  const rollout = rolloutSchema.parse(found);
  const { metadata, spec, status } = rollout;
  const seen = status.observedGeneration >= metadata.generation;
  const { phase, message, currentPodHash, stableRS, canary } = status;
  const newest: NewestPods = currentPodHash
    ? await newestPods(api, pods, namespace, {
        uid: metadata.uid,
        labels: spec.selector.matchLabels,
        by: { label: 'rollouts-pod-template-hash', hash: currentPodHash },
      })
    : { available: 0, list: [], told: NO_PODS };
  const pausedUntil = phase === 'Paused' ? pauseEnd(found) : undefined;
  const progress = {
    ...progressOf(rollout, seen ? newest.available : 0, seen),
    ...(pausedUntil && { pausedUntil }),
  };
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
  const { ready, wanted } = progress;
  const told = `${ready} of ${wanted} pods are ready${
    progress.weight === undefined ? '' : `, ${progress.weight}% of the traffic`
  }`;
  if (!seen) {
    // What somebody has paused goes no further, however late Argo Rollouts says that it has seen that.
    return spec.paused && phase === 'Paused'
      ? observation('paused', `Paused: ${told}`)
      : observation('progressing', 'The cluster has not seen it yet');
  }
  const invalid = status.conditions.find(({ type }) => type === 'InvalidSpec');
  if (invalid) {
    // A Service or an Ingress that was applied just before may not have been seen yet.
    const since =
      (await now()).getTime() - invalid.lastTransitionTime.getTime();
    const why = `Argo Rollouts does not take it${
      message ? `: ${message}` : ''
    }`;
    return observation(since > INCOMPLETE_MS ? 'failed' : 'progressing', why);
  }
  if (phase === 'Degraded' || status.abort) {
    return observation(
      'failed',
      `The shifting of traffic was aborted${message ? `: ${message}` : ''}`,
      await analysisEvidence(api, namespace, [
        canary.currentBackgroundAnalysisRunStatus?.name,
        canary.currentStepAnalysisRunStatus?.name,
      ]),
    );
  }
  if (phase === 'Healthy' && currentPodHash === stableRS) {
    return observation('ready', told);
  }
  // What fails for good does so while it pauses too, when it has a part of the traffic.
  const failure = await failureOf(newest, now);
  if (failure) {
    const { summary, evidence, lacksNode } = failure;
    return { ...observation('failed', summary, evidence), lacksNode };
  }
  if (phase === 'Paused') {
    return observation(
      'paused',
      `Waits to go on${message ? ` (${message})` : ''}: ${told}`,
    );
  }
  if (isJudged(rollout)) {
    const unknown = await analysisEvidence(api, namespace, [
      canary.currentStepAnalysisRunStatus?.name,
    ]);
    const judged = unknown.length > 0 ? `; ${unknown[0]}` : '';
    return {
      ...observation(
        'progressing',
        `Judged before it goes on: ${told}${judged}`,
        unknown,
      ),
      judged: true,
    };
  }
  return observation('progressing', told);
}

/** Whether it is at an analysis among its steps. Argo Rollouts ends it, well or not; until then nothing is late. */
function isJudged({ spec, status }: Rollout): boolean {
  const step = spec.strategy.canary?.steps.at(status.currentStepIndex ?? 0);
  const run = status.canary.currentStepAnalysisRunStatus;
  return step?.analysis !== undefined && UNDER_WAY.includes(run?.status ?? '');
}

function progressOf({ spec, status }: Rollout, ready: number, seen: boolean) {
  const steps = spec.strategy.canary?.steps ?? [];
  const at = status.currentStepIndex ?? 0;
  const weight = canaryWeight({
    ...{ steps, at },
    routed: status.canary.weights?.canary?.weight,
    whole:
      status.stableRS !== undefined &&
      status.currentPodHash === status.stableRS,
  });
  return {
    wanted: spec.replicas,
    updated: seen ? status.updatedReplicas : 0,
    ready,
    paused: status.phase === 'Paused',
    // Before it was seen, both are those of the version before.
    ...(seen && weight !== undefined && { weight }),
    ...(seen &&
      steps.length > 0 && {
        step: Math.min(at + 1, steps.length),
        steps: steps.length,
      }),
  };
}
