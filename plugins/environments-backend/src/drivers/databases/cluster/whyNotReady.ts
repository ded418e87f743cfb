import { podSchema } from '../../kubernetes/podSchema';

/**
 * @param pod - as the cluster gives it; undefined where there is none yet
 * @returns why a database's pod takes no connections, in words; undefined where it does
 */
export function whyNotReady(pod: object | undefined): string | undefined {
  if (!pod) return 'Its pod is being started.';
  const { metadata, status } = podSchema.parse(pod);
  if (metadata.deletionTimestamp) return 'Its pod is being ended.';
  const is = (type: string) =>
    status.conditions.find(condition => condition.type === type);
  if (is('Ready')?.status === 'True') return undefined;
  const scheduled = is('PodScheduled');
  if (scheduled?.status === 'False') {
    return `Its pod has no place in the cluster: ${scheduled.message ?? ''}`;
  }
  const [container] = status.containerStatuses;
  const { reason, message } = container?.state.waiting ?? {};
  const starting = !reason || reason === 'ContainerCreating';
  if (!starting) {
    return `Its pod does not start: ${reason}${message ? `, ${message}` : ''}.`;
  }
  return container && container.restartCount > 0
    ? `Its pod was started again (${container.restartCount} times) and is not ready yet.`
    : 'Its pod is being started.';
}
