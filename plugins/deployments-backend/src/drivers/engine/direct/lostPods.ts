import { ContainerStatus, Pod } from './PodReader';

/**
 * Names of pods that were ready and are not any more, though their containers run: a probe fails that did not before. A
 * pod that was never ready is none, as a new one is for a while, and neither is one whose node is gone: the kubelet said
 * last that its containers are ready.
 */
export function lostPods(pods: Pod[]): string[] {
  return pods.filter(isLost).map(({ metadata }) => metadata.name);
}

function isLost({ status }: Pod): boolean {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  const since = ready?.lastTransitionTime;
  if (ready?.status !== 'False' || !since) return false;
  return status.containerStatuses.some(
    container => !container.ready && startedBefore(container, since),
  );
}

/** A pod says that it is not ready before its containers start, and again only after it was. */
function startedBefore({ state }: ContainerStatus, time: Date): boolean {
  const started = state.running?.startedAt;
  return started !== undefined && started.getTime() < time.getTime();
}
