import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { parseQuantity } from '@highroad/plugin-platform-node/manifests';
import { z } from 'zod';
import { PreviewSettings } from '../../service/PreviewSettings';
import { Amount, AMOUNTS, isMore, limitOf } from './containerLimits';

/** By Kubernetes' own manual: so many more pods there are while a Deployment is updated that does not say how. */
const USUAL_SURGE = '25%';

const quantities = z.record(z.union([z.string(), z.number()])).nullish();
const containersSchema = z
  .array(
    z.object({
      resources: z
        .object({ requests: quantities, limits: quantities })
        .nullish(),
    }),
  )
  .nullish();
/** All that is not named is kept as it is. */
const workloadSchema = z.object({
  spec: z
    .object({
      replicas: z.number().default(1),
      strategy: z
        .object({
          type: z.string().optional(),
          rollingUpdate: z
            .object({ maxSurge: z.union([z.number(), z.string()]).nullish() })
            .nullish(),
        })
        .optional(),
      template: z.object({
        spec: z.object({
          containers: containersSchema,
          initContainers: containersSchema,
        }),
      }),
    })
    .passthrough(),
});
const specSchema = z.object({ spec: z.record(z.unknown()) });
type Workload = z.output<typeof workloadSchema>['spec'];

type Use = Record<Amount | 'pods', number>;

/**
 * Has what runs be replaced in its place where old and new pods side by side would be more than an environment may use: the
 * cluster would never start the new ones, and the old ones would stay.
 *
 * @param workloads - all Deployments of an environment
 * @param besides - what else has pods in it
 */
export function inRoom(
  workloads: KubernetesObject[],
  besides: KubernetesObject[],
  limits: PreviewSettings['limits'],
): KubernetesObject[] {
  const most: Use = {
    cpu: parseQuantity(limits.cpu) ?? Infinity,
    memory: parseQuantity(limits.memory) ?? Infinity,
    pods: limits.pods,
  };
  const whileUpdated = sumOf([
    ...workloads.map(one => useOf(one, surgeOf)),
    ...besides.map(one => useOf(one, () => 0)),
  ]);
  const isTooMuch = [...AMOUNTS, 'pods' as const].some(one =>
    isMore(whileUpdated[one], most[one]),
  );
  return isTooMuch ? workloads.map(inItsPlace) : workloads;
}

function inItsPlace(workload: KubernetesObject): KubernetesObject {
  const read = workloadSchema.safeParse(workload);
  if (!read.success || surgeOf(read.data.spec) === 0) return workload;
  return {
    ...workload,
    spec: {
      ...specSchema.parse(workload).spec,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
      },
    },
  };
}

/**
 * What can't be read is refused by the cluster, in its own words, and counts for nothing here.
 *
 * @param more - how many pods there are besides those that are wanted
 */
function useOf(
  object: KubernetesObject,
  more: (workload: Workload) => number,
): Use {
  const read = workloadSchema.safeParse(object);
  if (!read.success) return { cpu: 0, memory: 0, pods: 0 };
  const { spec } = read.data;
  const pods = spec.replicas + more(spec);
  const { cpu, memory } = podLimits(spec.template.spec);
  return { pods, cpu: pods * cpu, memory: pods * memory };
}

/** Those that run before the others are counted where one of them may use more than all others together. */
function podLimits(pod: Workload['template']['spec']): Record<Amount, number> {
  const limit = (amount: Amount) => {
    const limits = (containers: typeof pod.containers) =>
      (containers ?? []).map(({ resources }) => limitOf(resources, amount));
    const together = limits(pod.containers).reduce((a, b) => a + b, 0);
    return Math.max(together, ...limits(pod.initContainers));
  };
  return { cpu: limit('cpu'), memory: limit('memory') };
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge */
function surgeOf({ replicas, strategy }: Workload): number {
  if (strategy?.type === 'Recreate') return 0;
  const said = strategy?.rollingUpdate?.maxSurge ?? USUAL_SURGE;
  if (typeof said === 'number') return said;
  const percent = /^(\d+)%$/.exec(said)?.[1];
  return Math.ceil((replicas * Number(percent ?? 25)) / 100);
}

function sumOf(uses: Use[]): Use {
  return uses.reduce(
    (sum, one) => ({
      cpu: sum.cpu + one.cpu,
      memory: sum.memory + one.memory,
      pods: sum.pods + one.pods,
    }),
    { cpu: 0, memory: 0, pods: 0 },
  );
}
