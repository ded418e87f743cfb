import { InputError, NotFoundError, stringifyError } from '@backstage/errors';
import { Step } from '@highroad/plugin-deployments-common';
import { EngineRefusedError } from '@highroad/plugin-deployments-node';
import { ManifestStore } from '../database/ManifestStore';
import { ReadStore } from '../database/ReadStore';
import { WorkItem } from '../database/rows';
import { Engines } from '../drivers/engine/Engines';
import { Numbers } from '../drivers/prometheus/Prometheus';
import { Checking } from './Checking';
import { Checks } from './Checks';
import { Ending } from './Ending';
import {
  destinationOf,
  Environments,
  EnvironmentSettings,
} from './EnvironmentSettings';
import { KeptManifests } from './KeptManifests';
import { Clock, Next } from './Next';
import { Recorder } from './Recorder';
import { Shifting } from './Shifting';
import { Unchanged } from './Unchanged';
import { Watching } from './Watching';

/** Nothing has to be looked at before somebody does something. */
const LONG_MS = 3_600_000;

/**
 * What comes next for a deployment. Each step may be done again after a crash in the middle of it: it looks at what is
 * there, and comes to the same.
 */
export class Stepper {
  readonly #checking: Checking;
  readonly #clock: Clock;
  readonly #ending: Ending;
  readonly #engines: Engines;
  readonly #environments: Environments;
  readonly #kept: KeptManifests;
  readonly #recorder: Recorder;
  readonly #shifting: Shifting;

  constructor(options: {
    checks: Checks;
    engines: Engines;
    environments: Environments;
    manifests: ManifestStore;
    numbers: Numbers;
    reader: ReadStore;
    recorder: Recorder;
    now: () => Date;
  }) {
    const { engines, manifests, numbers, reader, now } = options;
    const clock = new Clock(now);
    const ending = new Ending({ clock, reader });
    const kept = new KeptManifests(manifests);
    this.#checking = new Checking({
      ...{ clock, ending, manifests },
      checks: options.checks,
      unchanged: new Unchanged({ engines, manifests: kept, reader }),
    });
    this.#clock = clock;
    this.#ending = ending;
    this.#engines = engines;
    this.#environments = options.environments;
    this.#kept = kept;
    this.#recorder = options.recorder;
    this.#shifting = new Shifting({
      ...{ clock, ending, engines },
      manifests: kept,
      watching: new Watching({ clock, ending, numbers }),
    });
  }

  /** @param steps - those that are written already */
  async next(
    item: WorkItem,
    steps: Step[],
    signal: AbortSignal,
  ): Promise<Next> {
    const { deployment } = item;
    let patienceMs = 0;
    try {
      const environment = this.#environments.get(deployment.environment);
      if (item.memory.applied) {
        patienceMs = environment.progressDeadlineSeconds * 1000;
      }
      switch (deployment.state) {
        case 'queued':
          return this.#clock.change({
            deployment: {
              state: 'checking',
              summary: 'Checks the image and the manifests',
            },
          });
        case 'checking':
          return await this.#checking.look(item, steps, environment, signal);
        case 'waiting-for-approval':
          return await this.#wait(item);
        case 'applying':
          return await this.#apply(item, steps, environment, signal);
        case 'shifting':
          return await this.#shifting.look(
            ...([item, steps, environment] as const),
            destinationOf(deployment, environment),
            signal,
          );
        default:
          throw new Error(`A deployment that has ended (${deployment.state})`);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (endsIt(error))
        return this.#ending.fail(item, steps, error.message, []);
      return this.#ending.tryAgain(item, steps, stringifyError(error), {
        patienceMs,
      });
    }
  }

  async #wait(item: WorkItem): Promise<Next> {
    if (item.wish) return this.#ending.cancel(item);
    if (!item.deployment.approvedBy) return this.#clock.change({}, LONG_MS);
    return this.#clock.change({
      deployment: { state: 'applying', summary: 'Applies the manifests' },
    });
  }

  async #apply(
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
    if (!memory.applied) {
      // Written before the effect, so that whoever comes after a crash knows that there may be one.
      return this.#clock.change({
        memory: { applied: true, appliedUnder: item.token },
      });
    }
    const engine = this.#engines.of(environment);
    const objects = await this.#kept.of(deployment);
    const destination = destinationOf(deployment, environment);
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
      memory: { deadline, tries: 0 },
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

function endsIt(error: unknown): error is Error {
  return [EngineRefusedError, InputError, NotFoundError].some(
    kind => error instanceof kind,
  );
}
