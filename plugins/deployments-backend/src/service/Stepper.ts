import { InputError, NotFoundError, stringifyError } from '@backstage/errors';
import { Step } from '@highroad/plugin-deployments-common';
import { EngineRefusedError } from '@highroad/plugin-deployments-node';
import { ManifestStore } from '../database/ManifestStore';
import { ReadStore } from '../database/ReadStore';
import { WorkItem } from '../database/rows';
import { Engines } from '../drivers/engine/Engines';
import { Numbers } from '../drivers/prometheus/Prometheus';
import { Applying } from './Applying';
import { Checking } from './Checking';
import { Checks } from './Checks';
import { Ending, isInCluster } from './Ending';
import { destinationOf, Environments } from './EnvironmentSettings';
import { KeptManifests } from './KeptManifests';
import { Clock, Next, Note } from './Next';
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
  readonly #applying: Applying;
  readonly #checking: Checking;
  readonly #clock: Clock;
  readonly #ending: Ending;
  readonly #environments: Environments;
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
    /** Of this process; another one's clock may be far from its own */
    clockId: string;
    /** From 0 to 1 */
    random: () => number;
  }) {
    const { engines, manifests, numbers, reader, recorder, now } = options;
    const clock = new Clock(now, options.clockId);
    const ending = new Ending({ clock, reader, random: options.random });
    const kept = new KeptManifests(manifests);
    this.#applying = new Applying({
      ...{ clock, ending, engines, recorder },
      manifests: kept,
    });
    this.#checking = new Checking({
      ...{ clock, ending, manifests },
      checks: options.checks,
      unchanged: new Unchanged({ engines, manifests: kept, reader }),
    });
    this.#clock = clock;
    this.#ending = ending;
    this.#environments = options.environments;
    this.#shifting = new Shifting({
      ...{ clock, ending, engines, recorder },
      manifests: kept,
      watching: new Watching({ clock, ending, numbers }),
    });
  }

  /**
   * @param steps - those that are written already
   * @param note - writes steps at once
   */
  async next(
    item: WorkItem,
    steps: Step[],
    { note, signal }: { note: Note; signal: AbortSignal },
  ): Promise<Next> {
    const { deployment } = item;
    let patienceMs = 0;
    try {
      const environment = this.#environments.get(deployment.environment);
      if (isInCluster(deployment)) {
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
          return await this.#checking.look(
            ...([item, steps, environment] as const),
            { note, signal },
          );
        case 'waiting-for-approval':
          return await this.#wait(item);
        case 'applying':
          return await this.#applying.look(
            ...([item, steps, environment] as const),
            signal,
          );
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
      if (endsIt(error)) {
        const refusal =
          error instanceof EngineRefusedError ? error.refusal : undefined;
        return this.#ending.fail(item, steps, error.message, [], { refusal });
      }
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
}

function endsIt(error: unknown): error is Error {
  return [EngineRefusedError, InputError, NotFoundError].some(
    kind => error instanceof kind,
  );
}
