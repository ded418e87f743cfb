import { InputError, NotFoundError, stringifyError } from '@backstage/errors';
import { Deployment, Step } from '@highroad/plugin-deployments-common';
import {
  Destination,
  EngineRefusedError,
} from '@highroad/plugin-deployments-node';
import { ManifestStore } from '../database/ManifestStore';
import { ReadStore } from '../database/ReadStore';
import { WorkItem } from '../database/rows';
import { Change } from '../database/WorkStore';
import { Engines } from '../drivers/engine/Engines';
import { Numbers } from '../drivers/prometheus/Prometheus';
import { Checks } from './Checks';
import { Ending } from './Ending';
import {
  Environments,
  EnvironmentSettings,
  namespaceOf,
} from './EnvironmentSettings';
import { KeptManifests } from './KeptManifests';
import { Clock, Next } from './Next';
import { Recorder } from './Recorder';
import { Shifting } from './Shifting';
import { Unchanged } from './Unchanged';
import { Watching } from './Watching';

/** What only passes is tried this often before it is taken for an end. */
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Nothing has to be looked at before somebody does something. */
const LONG_MS = 3_600_000;

/**
 * What comes next for a deployment. Each step may be done again after a crash in the middle of it: it looks at what is
 * there, and comes to the same.
 */
export class Stepper {
  readonly #checks: Checks;
  readonly #clock: Clock;
  readonly #ending: Ending;
  readonly #engines: Engines;
  readonly #environments: Environments;
  readonly #kept: KeptManifests;
  readonly #manifests: ManifestStore;
  readonly #recorder: Recorder;
  readonly #shifting: Shifting;
  readonly #unchanged: Unchanged;

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
    this.#checks = options.checks;
    this.#clock = clock;
    this.#ending = ending;
    this.#engines = engines;
    this.#environments = options.environments;
    this.#kept = kept;
    this.#manifests = manifests;
    this.#recorder = options.recorder;
    this.#unchanged = new Unchanged({ engines, manifests: kept, reader });
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
    try {
      const environment = this.#environments.get(deployment.environment);
      switch (deployment.state) {
        case 'queued':
          return this.#clock.change({
            deployment: {
              state: 'checking',
              summary: 'Checks the image and the manifests',
            },
          });
        case 'checking':
          return await this.#check(item, steps, environment, signal);
        case 'waiting-for-approval':
          return await this.#wait(item);
        case 'applying':
          return await this.#apply(item, steps, environment, signal);
        case 'shifting':
          return await this.#shifting.look(
            ...([item, steps, environment] as const),
            this.#destination(deployment, environment),
            signal,
          );
        default:
          throw new Error(`A deployment that has ended (${deployment.state})`);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (endsIt(error))
        return this.#ending.fail(item, steps, error.message, []);
      return this.#tryAgain(item, steps, stringifyError(error));
    }
  }

  async #check(
    item: WorkItem,
    steps: Step[],
    environment: EnvironmentSettings,
    signal: AbortSignal,
  ): Promise<Next> {
    const { deployment, wish } = item;
    if (wish) return this.#ending.cancel(item);
    const { manifestsDigest } = deployment;
    if (manifestsDigest) {
      // What was applied once was checked then; putting it back must not depend on anything but what is kept.
      return this.#checked(item, environment, {
        steps: this.#clock.steps(steps, [
          {
            name: 'manifests',
            state: 'succeeded',
            summary: 'Takes what was applied before, as it was kept',
            evidence: [],
          },
        ]),
      });
    }
    const found = await this.#checks.run(deployment, environment, signal);
    const written = this.#clock.steps(steps, found.steps);
    if (!found.ok) {
      return found.passing
        ? this.#tryAgain(item, steps, found.summary, written)
        : this.#ending.fail(item, steps, found.summary, written);
    }
    const known = {
      digest: found.digest,
      commit: found.commit,
      strategy: found.strategy,
      manifestsDigest: await this.#manifests.keep(found.manifests),
    };
    const there = item.again
      ? undefined
      : await this.#unchanged.find(
          { ...deployment, ...known },
          ...([
            environment,
            this.#destination(deployment, environment),
          ] as const),
          signal,
        );
    if (there) {
      const step = {
        name: 'compare',
        state: 'skipped' as const,
        summary: 'Exactly this runs there already, as it was applied',
        evidence: [`deployment ${there.id}`],
      };
      return {
        kind: 'end',
        state: 'succeeded',
        summary: `Nothing to do: ${deployment.version} already runs in ${deployment.environment}`,
        steps: this.#clock.steps(steps, [...found.steps, step]),
        deployment: { ...known, unchanged: true },
      };
    }
    return this.#checked(item, environment, {
      steps: written,
      memory: { conditions: found.conditions },
      deployment: known,
    });
  }

  #checked(
    item: WorkItem,
    environment: EnvironmentSettings,
    change: Partial<Change>,
  ): Next {
    // Owners may always roll back, without asking.
    const asks = environment.approval && item.deployment.kind !== 'rollback';
    return this.#clock.change({
      ...change,
      memory: { ...change.memory, tries: 0 },
      deployment: {
        ...change.deployment,
        ...(asks
          ? {
              state: 'waiting-for-approval',
              summary: `Waits until somebody other than ${item.deployment.requestedBy} approves`,
            }
          : { state: 'applying', summary: 'Applies the manifests' }),
      },
    });
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
      return this.#clock.change({ memory: { applied: true } });
    }
    const engine = this.#engines.of(environment);
    const objects = await this.#kept.of(deployment);
    const destination = this.#destination(deployment, environment);
    const lines = await this.#recorder.applying(
      deployment,
      environment,
      async () => {
        await engine.prepare(destination, signal);
        return engine.apply(destination, objects, {
          deployment: deployment.id,
          signal,
        });
      },
    );
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

  #tryAgain(
    item: WorkItem,
    steps: Step[],
    why: string,
    written: Step[] = [],
  ): Next | Promise<Next> {
    const { tries } = item.memory;
    if (tries + 1 >= MOST_TRIES) {
      return this.#ending.fail(
        item,
        steps,
        `${why.replace(/\.$/, '')}, also when tried ${MOST_TRIES} times`,
        written,
      );
    }
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
    return this.#clock.change(
      {
        deployment: { summary: `Tries again: ${why}` },
        memory: { tries: tries + 1 },
      },
      pause,
    );
  }

  #destination(
    { service, environment }: Deployment,
    settings: EnvironmentSettings,
  ): Destination {
    const name = service.replace(/^.*\//, '');
    return {
      cluster: settings.cluster,
      namespace: namespaceOf(settings, name),
      service,
      environment,
    };
  }
}

function endsIt(error: unknown): error is Error {
  return [EngineRefusedError, InputError, NotFoundError].some(
    kind => error instanceof kind,
  );
}
