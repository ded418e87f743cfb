import { stringifyError } from '@backstage/errors';
import { Step } from '@highroad/plugin-deployments-common';
import {
  Destination,
  KubernetesObject,
} from '@highroad/plugin-deployments-node';
import { WorkItem } from '../database/rows';
import { Engines } from '../drivers/engine/Engines';
import { Ending } from './Ending';
import { destinationOf, EnvironmentSettings } from './EnvironmentSettings';
import { KeptManifests } from './KeptManifests';
import { Clock, Next } from './Next';
import { Recorder } from './Recorder';

/** Brings the manifests of a deployment to the cluster, once nobody else is at it and nobody else's are in the way. */
export class Applying {
  readonly #clock: Clock;
  readonly #ending: Ending;
  readonly #engines: Engines;
  readonly #manifests: KeptManifests;
  readonly #recorder: Recorder;

  constructor(options: {
    clock: Clock;
    ending: Ending;
    engines: Engines;
    manifests: KeptManifests;
    recorder: Recorder;
  }) {
    this.#clock = options.clock;
    this.#ending = options.ending;
    this.#engines = options.engines;
    this.#manifests = options.manifests;
    this.#recorder = options.recorder;
  }

  /** @param steps - those that are written already */
  async look(
    item: WorkItem,
    steps: Step[],
    environment: EnvironmentSettings,
    signal: AbortSignal,
  ): Promise<Next> {
    const { deployment, holds, memory, wish } = item;
    if (wish && !memory.applied) return this.#ending.cancel(item);
    const now = Date.parse(this.#clock.now());
    const wait = Math.max(
      0,
      ...holds.map(hold => Date.parse(hold.until) - now),
    );
    if (wait > 0) {
      return this.#clock.change(
        { deployment: { summary: 'Waits until the one before has let go' } },
        wait,
      );
    }
    const objects = await this.#manifests.of(deployment);
    const destination = destinationOf(deployment, environment);
    const place = { environment, destination, objects };
    return memory.applied
      ? this.#apply(item, steps, place, signal)
      : this.#begin(item, steps, place, signal);
  }

  /**
   * Looks who else manages what is to be applied, and whether something that runs is in its way; what is put back waits for
   * that rather than be refused. That something is going to be applied is written before the effect, so that whoever comes
   * after a crash knows that there may be one; and so is what is taken from whom.
   */
  async #begin(
    item: WorkItem,
    steps: Step[],
    { environment, destination, objects }: Place,
    signal: AbortSignal,
  ): Promise<Next> {
    const { deployment } = item;
    const taken = await this.#engines
      .of(environment)
      .conflicts(destination, objects, {
        ...{ deployment: deployment.id, signal },
        waits: deployment.kind === 'rollback',
      });
    const fields = taken.length === 1 ? 'a field' : `${taken.length} fields`;
    const found = (state: Step['state'], summary: string) =>
      this.#clock.steps(steps, [
        { name: 'conflicts', state, summary, evidence: taken },
      ]);
    if (taken.length > 0 && !deployment.takeOver) {
      const why = `Somebody else manages ${fields} of what was to be applied. Take them over (--take-over), let go of them, or take them out of the manifests`;
      return this.#ending.fail(item, steps, why, found('failed', why), {
        refusal: 'field-conflict',
      });
    }
    return this.#clock.change({
      memory: { applied: true, appliedUnder: item.token },
      ...(taken.length > 0 && {
        steps: found('succeeded', `Takes over ${fields}`),
      }),
    });
  }

  async #apply(
    item: WorkItem,
    steps: Step[],
    { environment, destination, objects }: Place,
    signal: AbortSignal,
  ): Promise<Next> {
    const { deployment, memory } = item;
    const engine = this.#engines.of(environment);
    let begun = false;
    let lines: string[];
    try {
      lines = await this.#recorder.applying(
        deployment,
        environment,
        async () => {
          begun = true;
          await engine.prepare(destination, signal);
          return engine.apply(destination, objects, {
            deployment: deployment.id,
            takeOver: deployment.takeOver ?? false,
            signal,
          });
        },
      );
    } catch (error) {
      if (begun || signal.aborted || memory.appliedUnder !== item.token) {
        throw error;
      }
      // It could not be recorded, and this same worker knows that nothing was done before: there is nothing to put back.
      return this.#ending.tryAgain(
        { ...item, memory: { ...memory, applied: false } },
        steps,
        stringifyError(error),
      );
    }
    const deadline = this.#clock.in(environment.progressDeadlineSeconds * 1000);
    return this.#clock.change({
      deployment: {
        state: 'shifting',
        summary: 'Waits until the pods are ready',
      },
      memory: { deadline, ...this.#clock.looked(), tries: 0 },
      steps: this.#clock.steps(steps, [
        {
          name: 'apply',
          state: 'succeeded',
          summary: `Applied to ${destination.namespace}`,
          evidence: lines,
        },
      ]),
    });
  }
}

/** What is brought where. */
interface Place {
  environment: EnvironmentSettings;
  destination: Destination;
  objects: KubernetesObject[];
}
