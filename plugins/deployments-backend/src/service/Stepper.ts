import { InputError, NotFoundError, stringifyError } from '@backstage/errors';
import {
  Deployment,
  EndState,
  Step,
} from '@highroad/plugin-deployments-common';
import { Change } from '../database/WorkStore';
import { Requested } from '../database/RequestStore';
import { WorkItem } from '../database/rows';
import { ManifestStore } from '../database/ManifestStore';
import { ReadStore } from '../database/ReadStore';
import {
  Destination,
  Engine,
  EngineRefusedError,
  KubernetesObject,
} from '../drivers/engine/Engine';
import { Checks } from './Checks';
import {
  Environments,
  EnvironmentSettings,
  namespaceOf,
} from './EnvironmentSettings';
import { objectsIn } from './objectsIn';
import { Recorder } from './Recorder';
import { numbered } from './steps';

/** What a look at a deployment came to. */
export type Next =
  | { kind: 'change'; change: Change }
  | {
      kind: 'end';
      state: EndState;
      summary: string;
      steps?: Step[];
      deployment?: Partial<Deployment>;
      then?: Requested;
    };

/** What only passes is tried this often before it is taken for an end. */
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Nothing has to be looked at before somebody does something. */
const LONG_MS = 3_600_000;
/** Changes are told by the cluster; this is for those that got lost. */
const LOOK_MS = 1_000;

/** Who rolls back what failed. */
export const PLATFORM = 'plugin:deployments';

/**
 * What comes next for a deployment. Each step may be done again after a crash in the middle of it: it looks at what is
 * there, and comes to the same.
 */
export class Stepper {
  readonly #checks: Checks;
  readonly #engine: Engine;
  readonly #environments: Environments;
  readonly #manifests: ManifestStore;
  readonly #reader: ReadStore;
  readonly #recorder: Recorder;
  readonly #now: () => Date;

  constructor(options: {
    checks: Checks;
    engine: Engine;
    environments: Environments;
    manifests: ManifestStore;
    reader: ReadStore;
    recorder: Recorder;
    now: () => Date;
  }) {
    this.#checks = options.checks;
    this.#engine = options.engine;
    this.#environments = options.environments;
    this.#manifests = options.manifests;
    this.#reader = options.reader;
    this.#recorder = options.recorder;
    this.#now = options.now;
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
          return this.#change({
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
          return await this.#shift(item, steps, environment, signal);
        default:
          throw new Error(`A deployment that has ended (${deployment.state})`);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (endsIt(error)) return this.#fail(item, steps, error.message, []);
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
    if (wish) return this.#cancel(item);
    const { manifestsDigest } = deployment;
    if (manifestsDigest) {
      // What was applied once was checked then; putting it back must not depend on anything but what is kept.
      return this.#checked(item, environment, {
        steps: this.#steps(steps, [
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
    const written = this.#steps(steps, found.steps);
    if (!found.ok) {
      return found.passing
        ? this.#tryAgain(item, steps, found.summary, written)
        : this.#fail(item, steps, found.summary, written);
    }
    return this.#checked(item, environment, {
      steps: written,
      deployment: {
        digest: found.digest,
        commit: found.commit,
        strategy: found.strategy,
        manifestsDigest: await this.#manifests.keep(found.manifests),
      },
    });
  }

  #checked(
    item: WorkItem,
    environment: EnvironmentSettings,
    change: Partial<Change>,
  ): Next {
    // Owners may always roll back, without asking.
    const asks = environment.approval && item.deployment.kind !== 'rollback';
    return this.#change({
      ...change,
      memory: { tries: 0 },
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
    if (item.wish) return this.#cancel(item);
    if (!item.deployment.approvedBy) return this.#change({}, LONG_MS);
    return this.#change({
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
    if (wish && !memory.applied) return this.#cancel(item);
    const now = this.#now().getTime();
    const wait = Math.max(
      0,
      ...holds.map(hold => Date.parse(hold.until) - now),
    );
    if (wait > 0) {
      return this.#change(
        { deployment: { summary: 'Waits until the one before has let go' } },
        wait,
      );
    }
    if (!memory.applied) {
      // Written before the effect, so that whoever comes after a crash knows that there may be one.
      return this.#change({ memory: { applied: true } });
    }
    const objects = await this.#objects(deployment);
    const destination = this.#destination(deployment, environment);
    const lines = await this.#recorder.applying(
      deployment,
      environment,
      async () => {
        await this.#engine.prepare(destination, signal);
        return this.#engine.apply(destination, objects, {
          deployment: deployment.id,
          signal,
        });
      },
    );
    const deadline = this.#in(environment.progressDeadlineSeconds * 1000);
    return this.#change({
      deployment: {
        state: 'shifting',
        summary: 'Waits until the pods are ready',
      },
      memory: { deadline, tries: 0 },
      steps: this.#steps(steps, [
        {
          name: 'apply',
          state: 'succeeded',
          summary: `Applied to ${destination.namespace}`,
          evidence: lines,
        },
      ]),
    });
  }

  async #shift(
    item: WorkItem,
    steps: Step[],
    environment: EnvironmentSettings,
    signal: AbortSignal,
  ): Promise<Next> {
    const { deployment, memory, wish } = item;
    const objects = await this.#objects(deployment);
    const destination = this.#destination(deployment, environment);
    if (wish === 'cancel' || wish === 'abort') {
      await this.#engine.steer(destination, objects, 'abort', signal);
      return this.#cancel(item);
    }
    if (wish) {
      await this.#engine.steer(destination, objects, wish, signal);
      return this.#change({ wishDone: true });
    }
    const seen = await this.#engine.observe(destination, objects, signal);
    const { progress, summary, evidence, verdict } = seen;
    const look = (state: Step['state'], told: string) =>
      this.#steps(steps, [{ name: 'ready', state, summary: told, evidence }]);
    if (verdict === 'failed') {
      return this.#fail(item, steps, summary, look('failed', summary), {
        progress,
      });
    }
    if (verdict === 'ready') return this.#watch(item, environment, seen, look);
    const late =
      verdict !== 'paused' &&
      memory.deadline !== undefined &&
      this.#now().toISOString() > memory.deadline;
    if (late) {
      const told = `Not ready within ${environment.progressDeadlineSeconds} seconds: ${summary}`;
      return this.#fail(item, steps, told, look('failed', told), { progress });
    }
    return this.#change(
      {
        deployment: { summary, progress },
        // A person decides how long a pause is.
        memory: {
          tries: 0,
          watchUntil: undefined,
          ...(verdict === 'paused' && {
            deadline: this.#in(environment.progressDeadlineSeconds * 1000),
          }),
        },
        steps: look('running', summary),
      },
      LOOK_MS,
    );
  }

  /** All pods are ready; a while longer, where the environment asks for that. */
  #watch(
    item: WorkItem,
    environment: EnvironmentSettings,
    seen: { progress: Deployment['progress']; summary: string },
    look: (state: Step['state'], told: string) => Step[],
  ): Next {
    const { watchUntil } = item.memory;
    const now = this.#now().toISOString();
    if (environment.watchSeconds > 0 && (!watchUntil || now < watchUntil)) {
      return this.#change(
        {
          deployment: {
            summary: `Ready; watched for ${environment.watchSeconds} seconds`,
            progress: seen.progress,
          },
          memory: {
            watchUntil: watchUntil ?? this.#in(environment.watchSeconds * 1000),
          },
          steps: look('running', seen.summary),
        },
        LOOK_MS,
      );
    }
    const { version, environment: where } = item.deployment;
    return {
      kind: 'end',
      state: 'succeeded',
      summary: `${version} runs in ${where}`,
      deployment: { progress: seen.progress },
      steps: look('succeeded', seen.summary),
    };
  }

  /** Ends it as failed, and puts back what ran before if something of it may have reached the cluster. */
  async #fail(
    item: WorkItem,
    steps: Step[],
    why: string,
    written: Step[],
    deployment: Partial<Deployment> = {},
  ): Promise<Next> {
    const failing =
      written.length > 0 ? written : this.#failedStep(item, steps, why);
    const { then, remark } = await this.#putBack(item);
    return {
      kind: 'end',
      state: 'failed',
      summary: [why.replace(/\.?$/, '.'), remark].filter(Boolean).join(' '),
      steps: failing,
      deployment,
      then,
    };
  }

  async #cancel(item: WorkItem): Promise<Next> {
    const { then, remark } = await this.#putBack(item);
    return {
      kind: 'end',
      state: 'cancelled',
      summary: ['Stopped.', remark].filter(Boolean).join(' '),
      then,
    };
  }

  /** What to do about what reached the cluster. A rollback that fails isn't rolled back: that would have no end. */
  async #putBack(
    item: WorkItem,
  ): Promise<{ then?: Requested; remark?: string }> {
    const { deployment, memory } = item;
    if (!memory.applied || deployment.kind === 'rollback') return {};
    const { service, environment } = deployment;
    const good = await this.#reader.lastGood(
      { service, environment },
      deployment,
    );
    if (!good) {
      return {
        remark: `Nothing to roll back to: ${deployment.version} is the first version here.`,
      };
    }
    return {
      remark: `${good.version} is put back.`,
      then: rollbackTo(good, deployment, {
        requestedBy: PLATFORM,
        door: 'system',
        correlation: deployment.correlation,
      }),
    };
  }

  #tryAgain(
    item: WorkItem,
    steps: Step[],
    why: string,
    written: Step[] = [],
  ): Next | Promise<Next> {
    const { tries } = item.memory;
    if (tries + 1 >= MOST_TRIES) {
      return this.#fail(
        item,
        steps,
        `${why.replace(/\.$/, '')}, also when tried ${MOST_TRIES} times`,
        written,
      );
    }
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
    return this.#change(
      {
        deployment: { summary: `Tries again: ${why}` },
        memory: { tries: tries + 1 },
      },
      pause,
    );
  }

  #failedStep({ deployment }: WorkItem, steps: Step[], why: string): Step[] {
    return this.#steps(steps, [
      { name: deployment.state, state: 'failed', summary: why, evidence: [] },
    ]);
  }

  #steps(before: Step[], found: Array<Omit<Step, 'number' | 'startedAt'>>) {
    return numbered(before, found, this.#now().toISOString());
  }

  async #objects({ manifestsDigest }: Deployment): Promise<KubernetesObject[]> {
    if (!manifestsDigest) throw new Error('It has no manifests.');
    return objectsIn(await this.#manifests.text(manifestsDigest));
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

  #change(change: Omit<Change, 'dueAt'>, afterMs = 0): Next {
    return { kind: 'change', change: { ...change, dueAt: this.#in(afterMs) } };
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}

function endsIt(error: unknown): error is Error {
  return [EngineRefusedError, InputError, NotFoundError].some(
    kind => error instanceof kind,
  );
}

/** A rollback to what an earlier deployment applied, from what was kept of it. */
export function rollbackTo(
  good: Deployment,
  undone: Deployment | undefined,
  by: Pick<Requested, 'requestedBy' | 'door' | 'correlation' | 'reason'>,
): Requested {
  const { service, environment, version, image, digest, commit } = good;
  const { strategy, manifestsDigest } = good;
  return {
    kind: 'rollback',
    ...{ service, environment, version, image, digest, commit, strategy },
    manifestsOf: good.id,
    manifestsDigest,
    undoes: undone?.id,
    ...by,
  };
}
