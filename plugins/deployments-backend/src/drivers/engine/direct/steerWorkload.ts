import {
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';
import { InputError } from '@backstage/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  KubernetesObject,
  SteerAction,
} from '@highroad/plugin-deployments-node';
import { patchStatus } from './patchStatus';

const MOST_TRIES = 16;
const SETTLE_MS = 500;

const rolloutSchema = z.object({
  spec: z.object({ paused: z.boolean().optional() }),
  status: z
    .object({
      currentStepIndex: z.number().optional(),
      pauseConditions: z.array(z.unknown()).nullish(),
      canary: z
        .object({
          currentStepAnalysisRunStatus: z
            .object({ status: z.string().optional() })
            .optional(),
        })
        .default({}),
    })
    .default({}),
});

/** Does to a workload what a person asked for. */
export async function steerWorkload(
  clients: { api: KubernetesObjectApi; config: KubeConfig },
  namespace: string,
  workload: KubernetesObject,
  action: SteerAction,
): Promise<void> {
  const { api, config } = clients;
  const { apiVersion, kind, metadata } = workload;
  const place = { name: metadata.name, namespace };
  const header = {
    apiVersion,
    kind,
    metadata: place,
  };
  const patchSpec = (spec: object) =>
    api.patch(
      { ...header, spec },
      ...([undefined, undefined, undefined, undefined] as const),
      PatchStrategy.MergePatch,
    );
  if (kind === 'Deployment') {
    if (action === 'pause') await patchSpec({ paused: true });
    else if (action === 'promote') await patchSpec({ paused: null });
    else if (action === 'skip') {
      throw new InputError('A rolling update has no steps to skip.');
    }
    // To abort it, what was there before is applied again.
    return;
  }
  const { spec, status } = rolloutSchema.parse(await api.read(header));
  /**
   * The controller takes a pause whose condition is gone for one that is over. Where it was just writing the condition
   * it writes it again, also later where it is busy: only the next step shows that the pause has come to its end.
   */
  const endPause = async (step: number) => {
    let waits = true;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (waits) await patchStatus(config, place, { pauseConditions: null });
      await sleep(SETTLE_MS);
      const now = rolloutSchema.parse(await api.read(header)).status;
      if ((now.currentStepIndex ?? 0) !== step) return;
      waits = (now.pauseConditions?.length ?? 0) > 0;
    }
    throw new Error(`${metadata.name} stays paused.`);
  };
  const { currentStepIndex = 0, pauseConditions, canary } = status;
  const next = currentStepIndex + 1;
  const inconclusive =
    canary.currentStepAnalysisRunStatus?.status === 'Inconclusive';
  switch (action) {
    case 'pause':
      await patchSpec({ paused: true });
      return;
    case 'abort':
      await patchStatus(config, place, { abort: true });
      return;
    case 'skip':
      await patchStatus(config, place, { currentStepIndex: next });
      return;
    default:
      if (spec.paused) await patchSpec({ paused: null });
      else if (!pauseConditions?.length) {
        await patchStatus(config, place, { currentStepIndex: next });
      } else if (inconclusive) {
        // An analysis that came to nothing pauses without an end: a person judges in its place.
        await patchStatus(config, place, {
          pauseConditions: null,
          controllerPause: false,
          currentStepIndex: next,
        });
      } else {
        await endPause(currentStepIndex);
      }
  }
}
