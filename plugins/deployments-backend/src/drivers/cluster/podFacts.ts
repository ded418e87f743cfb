import { z } from 'zod';
import { ContainerFacts, PodFacts } from './Look';

const ended = z.object({
  reason: z.string().default('Error'),
  exitCode: z.number().optional(),
  message: z.string().optional(),
  finishedAt: z.coerce.date().optional(),
});
const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: z
    .object({
      waiting: z
        .object({
          reason: z.string().default('Waiting'),
          message: z.string().optional(),
        })
        .optional(),
      running: z.unknown(),
      terminated: ended.optional(),
    })
    .default({}),
  lastState: z.object({ terminated: ended.optional() }).default({}),
});
const container = z.object({
  name: z.string(),
  image: z.string().optional(),
  resources: z
    .object({ limits: z.object({ memory: z.string().optional() }).optional() })
    .optional(),
});
const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.coerce.date(),
    deletionTimestamp: z.coerce.date().optional(),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(container).default([]),
    initContainers: z.array(container).default([]),
  }),
  status: z
    .object({
      phase: z.string().default('Pending'),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().optional(),
          }),
        )
        .default([]),
      containerStatuses: z.array(containerStatus).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
    })
    .default({}),
});

/** @returns nothing for a pod that is going or has done its work */
export function podFacts(pod: unknown): PodFacts | undefined {
  const { metadata, spec, status } = podSchema.parse(pod);
  if (metadata.deletionTimestamp || status.phase === 'Succeeded') {
    return undefined;
  }
  const limits = new Map(
    [...spec.containers, ...spec.initContainers].map(one => [
      one.name,
      one.resources?.limits?.memory,
    ]),
  );
  const isTrue = (type: string) =>
    status.conditions.some(one => one.type === type && one.status === 'True');
  const scheduled = status.conditions.find(one => one.type === 'PodScheduled');
  const initial = status.initContainerStatuses.filter(
    // One that ended well is none of anybody's concern.
    one => one.state.terminated?.exitCode !== 0,
  );
  return {
    name: metadata.name,
    phase: status.phase,
    createdAt: metadata.creationTimestamp,
    node: spec.nodeName,
    ready: isTrue('Ready'),
    unschedulable:
      scheduled?.status === 'False' && !spec.nodeName
        ? scheduled.message ?? 'no reason is given'
        : undefined,
    digests: spec.containers.flatMap(
      ({ image }) => image?.match(/@(sha256:[0-9a-f]{64})$/)?.[1] ?? [],
    ),
    containers: [...initial, ...status.containerStatuses].map(
      (one): ContainerFacts => {
        const last = one.state.terminated ?? one.lastState.terminated;
        return {
          name: one.name,
          ready: one.ready,
          running: one.state.running !== undefined,
          restarts: one.restartCount,
          waiting: one.state.waiting,
          ended: last && {
            reason: last.reason,
            exitCode: last.exitCode,
            message: last.message,
            at: last.finishedAt,
          },
          memoryLimit: limits.get(one.name),
        };
      },
    ),
  };
}
