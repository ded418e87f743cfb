import { setTimeout as after } from 'node:timers/promises';
import {
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
} from '@kubernetes/client-node';
import { redact } from '@highroad/plugin-platform-node';
import { z } from 'zod';
import { logLines } from '../../cluster/logLines';

const waiting = z.object({
  reason: z.string().optional(),
  message: z.string().optional(),
});
const terminated = z.object({
  reason: z.string().optional(),
  exitCode: z.number().optional(),
  message: z.string().optional(),
});
const running = z.object({ startedAt: z.coerce.date().optional() });
const containerStatus = z.object({
  name: z.string(),
  restartCount: z.number().default(0),
  ready: z.boolean().default(false),
  state: z
    .object({
      waiting: waiting.optional(),
      running: running.optional(),
      terminated: terminated.optional(),
    })
    .default({}),
  lastState: z.object({ terminated: terminated.optional() }).default({}),
});
export type ContainerStatus = z.output<typeof containerStatus>;

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.coerce.date(),
    deletionTimestamp: z.coerce.date().optional(),
    labels: z.record(z.string()).default({}),
  }),
  status: z
    .object({
      phase: z.string().optional(),
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
      containerStatuses: z.array(containerStatus).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
    })
    .default({}),
});
export type Pod = z.output<typeof podSchema>;

const LOG_LINES = 15;
/** A line may be without an end. */
const LOG_BYTES = 64 * 1024;
/** A node tells within two seconds which run of a container has ended. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 600;

/** Reads pods of a namespace, and the end of what they print. */
export class PodReader {
  readonly #api: KubernetesObjectApi;
  readonly #core: CoreV1Api;
  readonly #namespace: string;

  constructor(config: KubeConfig, api: KubernetesObjectApi, namespace: string) {
    this.#api = api;
    this.#core = config.makeApiClient(CoreV1Api);
    this.#namespace = namespace;
  }

  /** Those that have all these labels, without those that are going. */
  async list(labels: Record<string, string>): Promise<Pod[]> {
    const selector = Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(',');
    const { items } = await this.#api.list(
      ...(['v1', 'Pod', this.#namespace] as const),
      ...([undefined, undefined, undefined, undefined, selector] as const),
    );
    return items
      .map(item => podSchema.parse(item))
      .filter(pod => !pod.metadata.deletionTimestamp);
  }

  /**
   * The last lines of a container, of its last run if it has ended, without what looks like a secret: they are kept and
   * shown. None where there is no log.
   *
   * @param options.hasEnded - whether a run of it has ended, so that something may be asked for again: between two runs a
   * node has thrown the log of the one away and not told of the other yet
   * @throws what `signal` was aborted with
   */
  async lastLines(
    pod: string,
    container: string,
    options: { hasEnded: boolean; signal: AbortSignal },
  ): Promise<string[]> {
    const { hasEnded, signal } = options;
    for (let look = 1; ; look++) {
      for (const previous of [true, false]) {
        signal.throwIfAborted();
        const lines = await this.#lines({ name: pod, container, previous });
        if (lines.length > 0) return redact(lines);
      }
      if (!hasEnded || look === LOOKS) return [];
      // Whether it was aborted is seen before the next look.
      await after(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** None where there is no log: of a container that has not run yet, or on a node that gives out none. */
  async #lines(of: {
    name: string;
    container: string;
    previous: boolean;
  }): Promise<string[]> {
    try {
      const text = await this.#core.readNamespacedPodLog({
        ...{ ...of, namespace: this.#namespace },
        ...{ tailLines: LOG_LINES, limitBytes: LOG_BYTES },
      });
      return logLines(text);
    } catch {
      // The reason stands beside it, as the state of the container.
      return [];
    }
  }
}
