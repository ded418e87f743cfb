import {
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';
import {
  KubernetesObject,
  SteerAction,
} from '@highroad/plugin-deployments-node';
import { RolloutSteering, stepOfRollout } from './RolloutSteering';

/** @returns the step that a workload is at after steering it from where it is now; none where it has no such step */
export async function stepAfter(
  api: KubernetesObjectApi,
  namespace: string,
  workload: KubernetesObject,
  action: SteerAction,
): Promise<number | undefined> {
  const { apiVersion, kind, metadata } = workload;
  if (kind !== 'Rollout') return undefined;
  const { name } = metadata;
  const header = { apiVersion, kind, metadata: { name, namespace } };
  return stepOfRollout(await api.read(header), action);
}

/**
 * Does to a workload what a person asked for.
 *
 * @param wanted.step - where that leads, as {@link stepAfter} said before
 */
export async function steerWorkload(
  clients: { api: KubernetesObjectApi; config: KubeConfig },
  namespace: string,
  workload: KubernetesObject,
  wanted: { action: SteerAction; step?: number; signal: AbortSignal },
): Promise<void> {
  const { apiVersion, kind, metadata } = workload;
  const { action } = wanted;
  const header = {
    ...{ apiVersion, kind },
    metadata: { name: metadata.name, namespace },
  };
  const setPaused = (paused: true | null) =>
    clients.api.patch(
      { ...header, spec: { paused } },
      ...([undefined, undefined, undefined, undefined] as const),
      PatchStrategy.MergePatch,
    );
  if (kind === 'Rollout') {
    await new RolloutSteering({ ...clients, header, setPaused }).do(wanted);
    return;
  }
  // A Deployment has no steps; to abort it, what was there before is applied again.
  if (action === 'pause') await setPaused(true);
  else if (action === 'promote' || action === 'promote-full') {
    await setPaused(null);
  }
}
