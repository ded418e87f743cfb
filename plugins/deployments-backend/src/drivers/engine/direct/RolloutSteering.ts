import { KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { SteerAction } from '@highroad/plugin-deployments-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { refusalIn } from './answers';
import { patchStatus } from './patchStatus';

const MOST_TRIES = 12;
const SETTLE_MS = 500;

const rolloutSchema = z.object({
  metadata: z.object({
    name: z.string(),
    generation: z.number(),
    resourceVersion: z.string(),
  }),
  spec: z.object({
    paused: z.boolean().optional(),
    strategy: z
      .object({
        canary: z
          .object({ steps: z.array(z.record(z.unknown())).default([]) })
          .optional(),
      })
      .default({}),
  }),
  status: z
    .object({
      // Argo Rollouts writes it as text.
      observedGeneration: z.coerce.number().default(0),
      currentPodHash: z.string().optional(),
      stableRS: z.string().optional(),
      currentStepIndex: z.number().default(0),
      pauseConditions: z.array(z.unknown()).nullish(),
      controllerPause: z.boolean().default(false),
      canary: z
        .object({
          currentStepAnalysisRunStatus: z
            .object({ status: z.string().optional() })
            .optional(),
        })
        .default({}),
    })
    .default({}),
});
type Rollout = z.output<typeof rolloutSchema>;

/**
 * The step that a Rollout is at after it was steered. Skipping leaves the step where it is, and so does promoting where it
 * pauses at one.
 *
 * @param found - a Rollout as the cluster has it
 * @throws Error while Argo Rollouts has not seen what was applied last
 */
export function stepOfRollout(
  found: unknown,
  action: SteerAction,
): number | undefined {
  const { spec, status } = asSeen(rolloutSchema.parse(found));
  const steps = spec.strategy.canary?.steps ?? [];
  const at = status.currentStepIndex;
  // A step that is a pause is one also before the controller has said so.
  const pauses = isPaused({ status }) || steps.at(at)?.pause !== undefined;
  const leaves = action === 'skip' || (action === 'promote' && pauses);
  return leaves && steps.length > 0
    ? Math.min(at + 1, steps.length)
    : undefined;
}

/**
 * Gives a Rollout its orders, as `kubectl argo rollouts` does. All of them are absolute: given twice, they come to the same.
 * Until Argo Rollouts has seen what was applied last, its status is that of the version before, and nothing is led on by it.
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/kubectl-plugin/
 */
export class RolloutSteering {
  readonly #api: KubernetesObjectApi;
  readonly #config: KubeConfig;
  readonly #header: Header;
  readonly #setPaused: (paused: true | null) => Promise<unknown>;

  constructor(options: {
    api: KubernetesObjectApi;
    config: KubeConfig;
    header: Header;
    setPaused: (paused: true | null) => Promise<unknown>;
  }) {
    this.#api = options.api;
    this.#config = options.config;
    this.#header = options.header;
    this.#setPaused = options.setPaused;
  }

  async do(wanted: {
    action: SteerAction;
    step?: number;
    signal: AbortSignal;
  }): Promise<void> {
    const { action, step, signal } = wanted;
    switch (action) {
      case 'pause':
        await this.#setPaused(true);
        return;
      case 'abort':
        await this.#order({ abort: true });
        return;
      case 'promote-full':
        await this.#promoteFull();
        return;
      case 'skip':
        // It has no steps.
        if (step === undefined) return;
        await this.#until(signal, async rollout => {
          if (isAt(rollout, step)) return true;
          await this.#order({ currentStepIndex: step }, rollout);
          return false;
        });
        return;
      default:
        await this.#promote(step, signal);
    }
  }

  async #promoteFull(): Promise<void> {
    const { spec, status } = asSeen(await this.#read());
    if (spec.paused) await this.#setPaused(null);
    // It would stay for the next version where there is nothing to shift any more.
    if (status.currentPodHash === status.stableRS) return;
    await this.#order({ promoteFull: true });
  }

  /**
   * The controller takes a pause whose condition is gone for one that is over. Where it was just writing the condition
   * it writes it again, also later where it is busy: only the next step shows that the pause has come to its end; under
   * blue-green, which has no steps, that the controller itself has seen it.
   */
  async #promote(step: number | undefined, signal: AbortSignal): Promise<void> {
    const { spec } = asSeen(await this.#read());
    if (spec.paused) await this.#setPaused(null);
    const hasSteps = (spec.strategy.canary?.steps.length ?? 0) > 0;
    // It was not at a pause of its own.
    if (hasSteps && step === undefined) return;
    await this.#until(signal, async rollout => {
      const { controllerPause, canary } = rollout.status;
      if (isAt(rollout, step)) return true;
      if (!isPaused(rollout)) return step === undefined && !controllerPause;
      const isInconclusive =
        canary.currentStepAnalysisRunStatus?.status === 'Inconclusive';
      await this.#order(
        {
          pauseConditions: null,
          // An analysis that came to nothing pauses without an end: a person judges in its place.
          ...(isInconclusive &&
            step !== undefined && {
              controllerPause: false,
              currentStepIndex: step,
            }),
        },
        rollout,
      );
      return false;
    });
  }

  async #until(
    signal: AbortSignal,
    isDone: (rollout: Rollout) => Promise<boolean>,
  ): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      signal.throwIfAborted();
      try {
        const rollout = await this.#read();
        if (isSeen(rollout) && (await isDone(rollout))) return;
      } catch (error) {
        // It has changed since it was read: what it is now decides.
        if (refusalIn(error)?.code !== 409) throw error;
      }
      await sleep(SETTLE_MS);
    }
    throw new Error(`${this.#header.metadata.name} stays where it is.`);
  }

  /** @param seen - refused if it has changed since */
  async #order(status: object, seen?: Rollout): Promise<void> {
    const { name, namespace } = this.#header.metadata;
    await patchStatus(
      ...([this.#config, { name, namespace }, status] as const),
      seen?.metadata.resourceVersion,
    );
  }

  async #read(): Promise<Rollout> {
    return rolloutSchema.parse(await this.#api.read(this.#header));
  }
}

interface Header {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string };
}

function isSeen({ metadata, status }: Rollout): boolean {
  return status.observedGeneration >= metadata.generation;
}

/** @throws Error if its status is still that of the version before */
function asSeen(rollout: Rollout): Rollout {
  if (isSeen(rollout)) return rollout;
  throw new Error(
    `Argo Rollouts has not seen yet what was applied to ${rollout.metadata.name}.`,
  );
}

function isPaused({ status }: Pick<Rollout, 'status'>): boolean {
  return (status.pauseConditions?.length ?? 0) > 0;
}

function isAt({ status }: Rollout, step: number | undefined): boolean {
  return step !== undefined && status.currentStepIndex >= step;
}
