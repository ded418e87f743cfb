import { Deployment, Step } from '@highroad/plugin-deployments-common';
import { ManifestStore } from '../database/ManifestStore';
import { WorkItem } from '../database/rows';
import { Change } from '../database/WorkStore';
import { Checks, CheckStep } from './Checks';
import { Ending } from './Ending';
import { destinationOf, EnvironmentSettings } from './EnvironmentSettings';
import { Clock, Next, Note } from './Next';
import { Unchanged } from './Unchanged';

/** Finds out whether a deployment may go on, and whether there is anything to do. */
export class Checking {
  readonly #checks: Checks;
  readonly #clock: Clock;
  readonly #ending: Ending;
  readonly #manifests: ManifestStore;
  readonly #unchanged: Unchanged;

  constructor(options: {
    checks: Checks;
    clock: Clock;
    ending: Ending;
    manifests: ManifestStore;
    unchanged: Unchanged;
  }) {
    this.#checks = options.checks;
    this.#clock = options.clock;
    this.#ending = options.ending;
    this.#manifests = options.manifests;
    this.#unchanged = options.unchanged;
  }

  /**
   * @param steps - those that are written already
   * @param note - writes steps at once
   */
  async look(
    item: WorkItem,
    steps: Step[],
    environment: EnvironmentSettings,
    { note, signal }: { note: Note; signal: AbortSignal },
  ): Promise<Next> {
    const { deployment, wish } = item;
    if (wish) return this.#ending.cancel(item);
    const { manifestsDigest } = deployment;
    const clock = this.#clock;
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
    const passed: CheckStep[] = [];
    const found = await this.#checks.run(deployment, environment, signal, {
      async onStep(step) {
        // What has only begun is not worth a write: the deployment says that it is checked.
        if (step.state === 'running') return;
        passed.push(step);
        await note(clock.stepsAnew(steps, passed).slice(-1));
      },
    });
    const written = clock.stepsAnew(steps, found.steps);
    if (!found.ok) {
      return found.passing
        ? this.#ending.tryAgain(item, steps, found.summary, {
            written,
            afterMs: (found.retryAfterSeconds ?? 0) * 1000,
          })
        : this.#ending.fail(item, steps, found.summary, written);
    }
    const known = {
      digest: found.digest,
      commit: found.commit,
      strategy: found.strategy,
      manifestsDigest: await this.#manifests.keep(found.manifests),
    };
    const there = await this.#alreadyThere(
      ...([item, known, environment, signal] as const),
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
        steps: clock.stepsAnew(steps, [...found.steps, step]),
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

  async #alreadyThere(
    { deployment, again, holds }: WorkItem,
    known: Partial<Deployment>,
    environment: EnvironmentSettings,
    signal: AbortSignal,
  ): Promise<Deployment | undefined> {
    // While one before may still be at it, nobody knows what will be there.
    if (again || holds.length > 0) return undefined;
    return this.#unchanged.find(
      ...([{ ...deployment, ...known }, environment] as const),
      destinationOf(deployment, environment),
      signal,
    );
  }
}
