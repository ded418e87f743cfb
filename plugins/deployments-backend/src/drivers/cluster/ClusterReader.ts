import { CoreV1Api, KubernetesObjectApi } from '@kubernetes/client-node';
import { z } from 'zod';
import { isNotFound, refusalIn } from '../engine/direct/answers';
import {
  ClusterAccess,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import { eventFacts } from './eventFacts';
import { logLines } from './logLines';
import { Look, PodFacts, WorkloadFacts } from './Look';
import { podFacts } from './podFacts';
import { within } from './within';

/** A service has 100 pods at most; what is beyond tells nothing new. */
const MOST = 300;
/** Kubernetes keeps them for an hour, and counts those that are alike as one. */
const MOST_WARNINGS = 2_000;
const LOG_LINES = 40;
const LOG_BYTES = 64 * 1024;

const namespaceSchema = z.object({
  metadata: z.object({ annotations: z.record(z.string()).default({}) }),
});
const count = z.number().default(0);
const workloadSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
  }),
  status: z
    .object({
      readyReplicas: count,
      /** Of a Rollout: why it waits */
      pauseConditions: z.array(z.unknown()).default([]),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().optional(),
          }),
        )
        .default([]),
    })
    .default({}),
});

/** Where a service is looked at. */
export interface Sight {
  cluster: string;
  namespace: string;
  /** Reference of the service that the namespace has to be of */
  service: string;
}

/** Looks at what there is of a service in a cluster, and changes nothing. */
export class ClusterReader {
  readonly #access: ClusterAccess;

  constructor(options: { access: ClusterAccess }) {
    this.#access = options.access;
  }

  /** @throws Error that says in words why it cannot be seen */
  async look(sight: Sight): Promise<Look> {
    const { cluster, namespace } = sight;
    const api = this.#access.api(cluster);
    if (!(await this.#isThere(api, sight))) {
      return { found: false, pods: [], workloads: [], events: [] };
    }
    const [pods, deployments, rollouts, warnings, events] = await Promise.all([
      list(api, 'v1', 'Pod', namespace),
      list(api, 'apps/v1', 'Deployment', namespace),
      list(api, 'argoproj.io/v1alpha1', 'Rollout', namespace),
      // Lists are cut by name, not by time: what went wrong is asked for by itself.
      list(api, 'v1', 'Event', namespace, {
        ...{ fieldSelector: 'type!=Normal', limit: MOST_WARNINGS },
      }),
      list(api, 'v1', 'Event', namespace, { fieldSelector: 'type=Normal' }),
    ]);
    return {
      found: true,
      pods: pods.flatMap(pod => podFacts(pod) ?? []),
      workloads: [
        ...deployments.map(one => workloadFacts('Deployment', one)),
        ...rollouts.map(one => workloadFacts('Rollout', one)),
      ],
      events: [...warnings, ...events]
        .map(eventFacts)
        .sort((a, b) => b.at.getTime() - a.at.getTime()),
    };
  }

  /**
   * The pods alone; none where the namespace is not there.
   *
   * @throws Error that says in words why they cannot be seen
   */
  async pods(sight: Sight): Promise<PodFacts[]> {
    const api = this.#access.api(sight.cluster);
    if (!(await this.#isThere(api, sight))) return [];
    const pods = await list(api, 'v1', 'Pod', sight.namespace);
    return pods.flatMap(pod => podFacts(pod) ?? []);
  }

  /**
   * The last lines that a container printed: of the run that ended, if it prints nothing now.
   *
   * @throws Error that says why there are none
   */
  async log(
    { cluster, namespace }: Sight,
    pod: string,
    container: string,
    options: { previous: boolean },
  ): Promise<string[]> {
    const core = this.#access.config(cluster).makeApiClient(CoreV1Api);
    const read = async (previous: boolean) => {
      const text = await within(
        core.readNamespacedPodLog({
          ...{ name: pod, namespace, container, previous },
          tailLines: LOG_LINES,
          limitBytes: LOG_BYTES,
        }),
      );
      return logLines(text);
    };
    const first = await read(options.previous).catch(error => {
      // A run that is gone has no log any more; the present one may.
      if (options.previous) return [];
      throw inWords(error);
    });
    if (first.length > 0 || !options.previous) return first;
    return read(false).catch(error => {
      throw inWords(error);
    });
  }

  /** @throws Error if the namespace is somebody else's */
  async #isThere(
    api: KubernetesObjectApi,
    { namespace, service }: Sight,
  ): Promise<boolean> {
    const owner = await this.#owner(api, namespace);
    if (owner === undefined || owner === service) return owner !== undefined;
    throw new Error(
      `The namespace ${namespace} belongs to ${
        owner || 'somebody who made it without the platform'
      }, so it is not looked into.`,
    );
  }

  async #owner(
    api: KubernetesObjectApi,
    name: string,
  ): Promise<string | undefined> {
    try {
      const found = await within(
        api.read({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
      );
      const { metadata } = namespaceSchema.parse(found);
      return metadata.annotations[SERVICE_ANNOTATION] ?? '';
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw inWords(error);
    }
  }
}

async function list(
  api: KubernetesObjectApi,
  apiVersion: string,
  kind: string,
  namespace: string,
  options: { fieldSelector?: string; limit?: number } = {},
): Promise<unknown[]> {
  const { fieldSelector, limit = MOST } = options;
  try {
    const { items } = await within(
      api.list(
        ...([apiVersion, kind, namespace] as const),
        ...([
          undefined,
          undefined,
          undefined,
          fieldSelector,
          undefined,
        ] as const),
        limit,
      ),
    );
    return items;
  } catch (error) {
    // A cluster without Argo Rollouts has no Rollouts.
    const unknownKind =
      kind === 'Rollout' &&
      (isNotFound(error) || /Unrecognized API|not found/i.test(String(error)));
    if (unknownKind) return [];
    throw inWords(error);
  }
}

function workloadFacts(kind: string, object: unknown): WorkloadFacts {
  const { metadata, spec, status } = workloadSchema.parse(object);
  return {
    kind,
    name: metadata.name,
    wanted: spec.replicas,
    ready: status.readyReplicas,
    paused: spec.paused || status.pauseConditions.length > 0,
    refused: status.conditions.find(
      one => one.type === 'ReplicaFailure' && one.status === 'True',
    )?.message,
  };
}

function inWords(error: unknown): Error {
  const refusal = refusalIn(error);
  // The API server fetches logs from the kubelet of the pod's node.
  if (refusal && /containerLogs.*dial tcp/.test(refusal.message)) {
    return new Error(
      'The node that it runs on does not answer, so its log cannot be read.',
    );
  }
  if (refusal) return new Error(`The cluster says: ${refusal.message}`);
  const { message, cause } = error as { message?: string; cause?: unknown };
  const why = cause instanceof Error && cause.message ? cause.message : message;
  return new Error(`The cluster does not answer: ${why ?? String(error)}`);
}
