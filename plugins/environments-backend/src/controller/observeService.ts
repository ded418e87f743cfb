import { EnvironmentServiceStatus } from '@highroad/plugin-environments-common';
import { z } from 'zod';
import {
  ClusterClient,
  KubernetesObject,
} from '@highroad/plugin-platform-node/kubernetes';
import { Pod, podSchema } from '../drivers/kubernetes/podSchema';

/** Where pods end before others take their place, that may take so long, in milliseconds: until they have ended, and the cluster tries again. */
const IN_PLACE_MS = 90_000;
/** What a cluster refuses at first and takes when it tries again, in milliseconds: quotas and accounts of a new namespace come late, and so do Secrets. */
const MENDS_ITSELF_MS = { pods: 10_000, settings: 20_000 };
const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

const deploymentSchema = z.object({
  metadata: z.object({
    generation: z.number().default(0),
    annotations: z.record(z.string()).default({}),
  }),
  spec: z.object({
    replicas: z.number().default(1),
    strategy: z
      .object({
        rollingUpdate: z
          .object({ maxSurge: z.union([z.number(), z.string()]).optional() })
          .optional(),
      })
      .default({}),
    selector: z.object({ matchLabels: z.record(z.string()).default({}) }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().optional(),
            message: z.string().optional(),
            lastTransitionTime: z.coerce.date().optional(),
          }),
        )
        .default([]),
    })
    .default({}),
});
type Deployment = z.output<typeof deploymentSchema>;

const NO_IMAGE = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'];
const BROKEN = [
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'ErrImageNeverPull',
  'ImageInspectError',
  'PostStartHookError',
  'PreCreateHookError',
  'PreStartHookError',
  'RunContainerError',
];

const WORST_FIRST: EnvironmentServiceStatus['state'][] = [
  'failing',
  'waiting-for-image',
  'starting',
  'updating',
  'ready',
];

/** Reasons for which a Deployment is said to progress, while what it was last told is not all there yet. */
const ROLLS_OUT = [
  'NewReplicaSetCreated',
  'FoundNewReplicaSet',
  'ReplicaSetUpdated',
];

/** What is known besides the cluster's word. */
export interface ObservedWith {
  now: Date;
  /** Whether its environment was ready before, so that it is being brought to something else since */
  wasReady: boolean;
}

export type Observed = Pick<
  EnvironmentServiceStatus,
  'state' | 'ready' | 'replicas' | 'message'
>;

/**
 * How a service is doing. Nothing good is said before the cluster has seen what was applied last.
 *
 * @param client - asked about pods only where something is not ready
 */
export async function observeService(
  client: Pick<ClusterClient, 'list'>,
  deployment: KubernetesObject,
  { now, wasReady }: ObservedWith,
): Promise<Observed> {
  const read = deploymentSchema.parse(deployment);
  const { metadata, spec, status } = read;
  const replicas = spec.replicas;
  const seen = status.observedGeneration >= metadata.generation;
  const ready = Math.min(status.readyReplicas, replicas);
  const rolledOut =
    seen &&
    status.updatedReplicas === replicas &&
    status.replicas === replicas &&
    status.readyReplicas === replicas;
  if (rolledOut) return { state: 'ready', ready, replicas };

  const refused = status.conditions.find(
    ({ type, status: is }) => type === 'ReplicaFailure' && is === 'True',
  );
  if (seen && refused && isMakingRoom(read, refused, now)) {
    return {
      ...{ state: 'updating', ready, replicas },
      message:
        'Its pods take the place of those before when these have ended: there is no room for both.',
    };
  }
  if (seen && refused) {
    const since = refused.lastTransitionTime?.getTime() ?? 0;
    const isNew = now.getTime() - since < MENDS_ITSELF_MS.pods;
    const goesOn = wasReady ? 'updating' : 'starting';
    return {
      ...{ state: isNew ? goesOn : 'failing', ready, replicas },
      message: `The cluster will not start its pods: ${
        refused.message ?? refused.reason ?? 'it does not say why'
      }`,
    };
  }
  const trouble = seen
    ? await troubleOfPods(client, deployment, now)
    : undefined;
  if (trouble) return { ...trouble, ready, replicas };
  const progress = status.conditions.find(
    ({ type }) => type === 'Progressing',
  )?.reason;
  if (seen && progress === 'ProgressDeadlineExceeded') {
    return {
      ...{ state: 'failing', ready, replicas },
      message: 'Its pods run, but do not become ready. Look at their log.',
    };
  }
  const before = status.replicas > status.updatedReplicas;
  const rollsOut = !seen || ROLLS_OUT.includes(progress ?? '');
  return {
    ...{ ready, replicas },
    state: before || (wasReady && rollsOut) ? 'updating' : 'starting',
    message: `${ready} of ${replicas} pods are ready.`,
  };
}

/** An earlier pod counts in the quota until it has ended. */
function isMakingRoom(
  { metadata, spec }: Deployment,
  refused: Deployment['status']['conditions'][number],
  now: Date,
): boolean {
  const since = refused.lastTransitionTime?.getTime() ?? 0;
  return (
    spec.strategy.rollingUpdate?.maxSurge === 0 &&
    (metadata.annotations[REVISION_ANNOTATION] ?? '1') !== '1' &&
    /exceeded quota/.test(refused.message ?? '') &&
    now.getTime() - since < IN_PLACE_MS
  );
}

/** How a service is doing that consists of several Deployments: as the one that is worst off, with all their pods. */
export async function observeServices(
  client: Pick<ClusterClient, 'list'>,
  deployments: KubernetesObject[],
  known: ObservedWith,
): Promise<Observed> {
  const observed = await Promise.all(
    deployments.map(one => observeService(client, one, known)),
  );
  const worst = [...observed].sort(
    (a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state),
  )[0];
  return {
    ...worst,
    ready: observed.reduce((sum, one) => sum + one.ready, 0),
    replicas: observed.reduce((sum, one) => sum + one.replicas, 0),
  };
}

/**
 * Has images asked for again that were not there, by new pods in place of those that wait: a node waits up to five
 * minutes before it asks again, and a new pod asks at once.
 *
 * @param options.afterMs - how old a pod is that waited long enough
 */
export async function askAgainForImages(
  client: ClusterClient,
  deployment: KubernetesObject,
  options: { now: Date; afterMs: number },
): Promise<void> {
  const { namespace } = deployment.metadata;
  for (const item of await podsOf(client, deployment)) {
    const { metadata, status } = podSchema.parse(item);
    const { name, uid, creationTimestamp } = metadata;
    const waits = containersOf(status).some(({ state }) =>
      NO_IMAGE.includes(state.waiting?.reason ?? ''),
    );
    const age = options.now.getTime() - creationTimestamp.getTime();
    const young = age < options.afterMs;
    if (!waits || metadata.deletionTimestamp || young) continue;
    await client.delete({ kind: 'Pod', name, namespace }, { uid });
  }
}

/** As they were a moment ago: what is not ready is looked at again. */
async function podsOf(
  client: Pick<ClusterClient, 'list'>,
  deployment: KubernetesObject,
): Promise<KubernetesObject[]> {
  const { matchLabels } = deploymentSchema.parse(deployment).spec.selector;
  const { items } = await client.list('Pod', {
    namespace: deployment.metadata.namespace,
    mayLag: true,
    labelSelector: Object.entries(matchLabels)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
  });
  return items;
}

/** Those that run before the others first: while they do not end, nothing is to be said of these. */
function containersOf({
  initContainerStatuses,
  containerStatuses,
}: Pod['status']) {
  return [
    ...initContainerStatuses.map(one => ({ ...one, init: one.name })),
    ...containerStatuses.map(one => ({ ...one, init: undefined })),
  ];
}

async function troubleOfPods(
  client: Pick<ClusterClient, 'list'>,
  deployment: KubernetesObject,
  now: Date,
): Promise<Pick<Observed, 'state' | 'message'> | undefined> {
  const items = await podsOf(client, deployment);
  for (const item of items) {
    const { metadata: pod, status } = podSchema.parse(item);
    if (pod.deletionTimestamp) continue;
    const unschedulable = status.conditions.find(
      ({ type, reason }) =>
        type === 'PodScheduled' && reason === 'Unschedulable',
    );
    if (unschedulable) {
      return {
        state: 'starting',
        message: `There is no room for it in the cluster: ${
          unschedulable.message ?? ''
        }`.trim(),
      };
    }
    for (const { state, lastState, image, init } of containersOf(status)) {
      const { reason = '', message = '' } = state.waiting ?? {};
      if (NO_IMAGE.includes(reason)) {
        return {
          state: 'waiting-for-image',
          message: `${init ? 'The image' : 'Its image'} ${image ?? ''}${
            init ? ` of its init container ${init}` : ''
          } is not in the registry yet, or can't be read: ${message || reason}`,
        };
      }
      const isNew =
        now.getTime() - pod.creationTimestamp.getTime() <
        MENDS_ITSELF_MS.settings;
      if (reason === 'CreateContainerConfigError' && isNew) {
        return {
          state: 'starting',
          message: `It waits for what it is set by: ${message || reason}`,
        };
      }
      if (BROKEN.includes(reason)) {
        const who = init ? `Its init container ${init}` : 'It';
        const code = lastState.terminated?.exitCode;
        return {
          state: 'failing',
          message:
            reason === 'CrashLoopBackOff'
              ? `${who} ends again and again${
                  code === undefined ? '' : `, with exit code ${code}`
                }. Look at its log.`
              : `${who} can't be started: ${message || reason}`,
        };
      }
    }
  }
  return undefined;
}
