import { InputError } from '@backstage/errors';
import { Strategy } from '@highroad/plugin-deployments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/manifests';
import { z } from 'zod';

const rolloutSchema = z.object({
  spec: z
    .object({
      strategy: z
        .object({
          blueGreen: z.object({}).passthrough().nullish(),
          canary: z
            .object({ steps: z.array(z.unknown()).nullish() })
            .passthrough()
            .nullish(),
        })
        .passthrough()
        .nullish(),
    })
    .passthrough()
    .default({}),
});

/** How a canary gets its traffic where nobody says. */
const CANARY_STEPS = [
  { setWeight: 10 },
  { pause: { duration: '1m' } },
  { setWeight: 50 },
  { pause: { duration: '1m' } },
];

/**
 * Gives the Rollouts that name no strategy that of their environment. What a repository says itself stays, and a Deployment
 * is always rolling.
 *
 * @param strategy - none where the environment has none
 * @returns lines that say what was added, too
 * @throws InputError for blue-green where it is not clear which Service leads traffic, and for a Rollout that cannot be read
 */
export function addStrategy(
  objects: KubernetesObject[],
  strategy: Strategy | undefined,
): { objects: KubernetesObject[]; added: string[] } {
  if (!strategy) return { objects, added: [] };
  const added: string[] = [];
  const completed = objects.map(object => {
    if (object.kind !== 'Rollout') return object;
    const { spec } = readRollout(object);
    if (Object.keys(spec.strategy ?? {}).length > 0) return object;
    added.push(
      `Rollout ${object.metadata.name}: ${strategy}, as its environment has it`,
    );
    return {
      ...object,
      spec: { ...spec, strategy: strategyFor(strategy, object, objects) },
    };
  });
  return { objects: completed, added };
}

/** @see https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
function strategyFor(
  strategy: Strategy,
  { metadata }: KubernetesObject,
  objects: KubernetesObject[],
): object {
  switch (strategy) {
    case 'rolling':
      // A canary without steps is shifted as a rolling update is.
      return { canary: {} };
    case 'canary':
      return { canary: { steps: CANARY_STEPS } };
    default: {
      const services = objects.filter(({ kind }) => kind === 'Service');
      if (services.length !== 1) {
        throw new InputError(
          `Rollout ${metadata.name} names no strategy, and blue-green, which its environment has, needs one Service; there are ${services.length}. Write spec.strategy.blueGreen.activeService into the manifests.`,
        );
      }
      return { blueGreen: { activeService: services[0].metadata.name } };
    }
  }
}

/**
 * How manifests are shifted, by what they say themselves.
 *
 * @throws InputError for a Rollout that cannot be read
 */
export function strategyOf(objects: KubernetesObject[]): Strategy {
  const rollout = objects.find(({ kind }) => kind === 'Rollout');
  if (!rollout) return 'rolling';
  const { blueGreen, canary } = readRollout(rollout).spec.strategy ?? {};
  if (blueGreen) return 'blue-green';
  // Without steps it is shifted as a rolling update is.
  return canary && !canary.steps?.length ? 'rolling' : 'canary';
}

function readRollout(object: KubernetesObject) {
  const read = rolloutSchema.safeParse(object);
  if (read.success) return read.data;
  const problems = read.error.issues.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
  throw new InputError(
    `Rollout ${object.metadata.name} cannot be read: ${problems.join(
      '; ',
    )}. Correct it in the manifests.`,
  );
}
