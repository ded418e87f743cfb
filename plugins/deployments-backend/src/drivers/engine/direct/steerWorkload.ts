import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { InputError } from '@backstage/errors';
import { z } from 'zod';
import { KubernetesObject, SteerAction } from '../Engine';
import { patchStatus } from './patchStatus';

const rolloutSchema = z.object({
  spec: z.object({ paused: z.boolean().optional() }),
  status: z
    .object({
      currentStepIndex: z.number().optional(),
      pauseConditions: z.array(z.unknown()).nullish(),
      controllerPause: z.boolean().optional(),
    })
    .default({}),
});

/** Does to a workload what a person asked for. */
export async function steerWorkload(
  api: KubernetesObjectApi,
  namespace: string,
  workload: KubernetesObject,
  action: SteerAction,
): Promise<void> {
  const { apiVersion, kind, metadata } = workload;
  const header = {
    apiVersion,
    kind,
    metadata: { name: metadata.name, namespace },
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
  const { currentStepIndex = 0, pauseConditions, controllerPause } = status;
  switch (action) {
    case 'pause':
      await patchSpec({ paused: true });
      return;
    case 'abort':
      await patchStatus(api, header, { abort: true });
      return;
    case 'skip':
      await patchStatus(api, header, {
        currentStepIndex: currentStepIndex + 1,
        pauseConditions: null,
        controllerPause: false,
      });
      return;
    default:
      // Goes on from a pause; where it does not pause, takes all steps at once.
      if (spec.paused) await patchSpec({ paused: null });
      else if (pauseConditions?.length || controllerPause) {
        await patchStatus(api, header, {
          pauseConditions: null,
          controllerPause: false,
          currentStepIndex: currentStepIndex + 1,
        });
      } else await patchStatus(api, header, { promoteFull: true });
  }
}
