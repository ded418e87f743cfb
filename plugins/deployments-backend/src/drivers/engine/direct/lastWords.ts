import { KubernetesObjectApi } from '@kubernetes/client-node';
import { redactText, withinTime } from '@highroad/plugin-platform-node';
import { eventFacts } from '../../cluster/eventFacts';
import { ContainerStatus, Pod, PodReader } from './PodReader';

/** Pods of one template fail alike: what is beyond tells nothing new. */
const MOST_PODS = 2;
const MOST_CONTAINERS = 2;
const MOST_EVENTS = 50;
/** Milliseconds for each of two rounds of calls. */
const ROUND_MS = 2_800;

/** Where pods are asked, and by what. */
export interface Asked {
  api: Pick<KubernetesObjectApi, 'list'>;
  pods: Pick<PodReader, 'list' | 'lastLines'>;
  namespace: string;
}

/**
 * Why pods are not ready or were started again: what their containers do, the last warning of each, such as of a probe,
 * and the last lines of their logs. What is not answered within seconds is left out, and said. Where all is well, none.
 *
 * @param hashes - of the templates whose pods are asked
 * @throws what `signal` was aborted with
 */
export async function lastWords(
  { api, pods, namespace }: Asked,
  hashes: string[],
  signal: AbortSignal,
): Promise<string[]> {
  const ask = async <T>(call: () => Promise<T>, what: string) => {
    signal.throwIfAborted();
    try {
      return await withinTime(
        call(),
        ...([ROUND_MS, 'the cluster does not answer'] as const),
      );
    } catch (error) {
      signal.throwIfAborted();
      return `${what} cannot be read: ${redactText(messageOf(error))}`;
    }
  };
  const found = await ask(() => pods.list({}), 'Its pods');
  if (typeof found === 'string') return [found];
  const troubled = found
    .filter(pod => isOf(pod, hashes) && !isWell(pod))
    .sort((a, b) => restartsOf(b) - restartsOf(a));
  const told = await Promise.all(
    troubled.slice(0, MOST_PODS).map(async pod => {
      const { name } = pod.metadata;
      const containers = badContainers(pod).slice(0, MOST_CONTAINERS);
      const [warning, ...logs] = await Promise.all([
        ask(() => lastWarning(api, namespace, name), `${name}: its events`),
        ...containers.map(async one => {
          const of = `${name}, container ${one.name}`;
          const lines = await ask(
            () =>
              pods.lastLines(name, one.name, {
                hasEnded: one.restartCount > 0,
                signal,
              }),
            `${of}: its log`,
          );
          if (typeof lines === 'string') return [lines];
          return lines.length > 0 ? [`${of}, its last lines:`, ...lines] : [];
        }),
      ]);
      return [
        ...stateOf(pod, containers),
        ...(warning ? [warning] : []),
        ...logs.flat(),
      ];
    }),
  );
  const more = troubled.length - MOST_PODS;
  return [
    ...told.flat(),
    ...(more > 0 ? [`${more} more pods are not ready or were restarted`] : []),
  ];
}

function isOf({ metadata: { labels } }: Pod, hashes: string[]): boolean {
  return ['pod-template-hash', 'rollouts-pod-template-hash'].some(label =>
    hashes.includes(labels[label]),
  );
}

function isWell(pod: Pod): boolean {
  const isReady = pod.status.conditions.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  return isReady && restartsOf(pod) === 0;
}

function restartsOf({ status }: Pod): number {
  return [...status.initContainerStatuses, ...status.containerStatuses].reduce(
    (sum, { restartCount }) => sum + restartCount,
    0,
  );
}

function badContainers({ status }: Pod): ContainerStatus[] {
  return [
    // One that ended well is none of anybody's concern.
    ...status.initContainerStatuses.filter(
      ({ state }) => state.terminated?.exitCode !== 0,
    ),
    ...status.containerStatuses,
  ].filter(({ ready, restartCount }) => !ready || restartCount > 0);
}

function stateOf(pod: Pod, containers: ContainerStatus[]): string[] {
  const { name } = pod.metadata;
  const unscheduled = pod.status.conditions.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  if (unscheduled) {
    const why = unscheduled.message ?? unscheduled.reason ?? 'no reason given';
    return [`${name}: no node takes it: ${redactText(why)}`];
  }
  return containers.map(
    one => `${name}, container ${one.name}: ${redactText(doingOf(one))}`,
  );
}

function doingOf(container: ContainerStatus): string {
  const { state, lastState, restartCount, ready } = container;
  const { waiting } = state;
  const ended = state.terminated ?? lastState.terminated;
  const end =
    ended &&
    [
      ended.reason ?? 'Error',
      ...(ended.exitCode === undefined ? [] : [`exit code ${ended.exitCode}`]),
      ...(ended.message ? [ended.message] : []),
    ].join(', ');
  const now = () => {
    if (waiting) {
      return `waits (${[waiting.reason ?? 'Waiting', waiting.message]
        .filter(Boolean)
        .join(': ')})`;
    }
    if (state.terminated) return 'does not run';
    return ready ? 'is ready' : 'runs, but is not ready';
  };
  return [
    now(),
    ...(restartCount > 0 ? [`started again ${restartCount} times`] : []),
    ...(end ? [`its last run ended: ${end}`] : []),
  ].join('; ');
}

async function lastWarning(
  api: Asked['api'],
  namespace: string,
  pod: string,
): Promise<string | undefined> {
  const { items } = await api.list(
    ...(['v1', 'Event', namespace] as const),
    ...([undefined, undefined, undefined] as const),
    `involvedObject.kind=Pod,involvedObject.name=${pod},type=Warning`,
    ...([undefined, MOST_EVENTS] as const),
  );
  const [last] = items
    .map(eventFacts)
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  if (!last) return undefined;
  const said = [last.reason, last.message].filter(Boolean).join(': ');
  return redactText(`${pod}: ${said}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
