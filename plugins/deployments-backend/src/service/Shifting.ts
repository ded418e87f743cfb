import { Progress, Step } from '@highroad/plugin-deployments-common';
import {
  Aim,
  Destination,
  KubernetesObject,
  SteerAction,
} from '@highroad/plugin-deployments-node';
import { Wish, WorkItem } from '../database/rows';
import { Engines } from '../drivers/engine/Engines';
import { Ending } from './Ending';
import { EnvironmentSettings } from './EnvironmentSettings';
import { KeptManifests } from './KeptManifests';
import { lastWordsOf } from './lastWordsOf';
import { Clock, Next } from './Next';
import { Recorder } from './Recorder';
import { sinceLastLook } from './sinceLastLook';
import { Watching } from './Watching';

/** Changes are told by the cluster; this is for those that got lost. */
const LOOK_MS = 1_000;

/** What means another step each time that it is asked for. */
function isRelative(wish: Wish): wish is 'promote' | 'skip' {
  return wish === 'promote' || wish === 'skip';
}

/** Looks after a deployment from when it was applied until it has all the traffic, and hands it to who watches over it. */
export class Shifting {
  readonly #clock: Clock;
  readonly #ending: Ending;
  readonly #engines: Engines;
  readonly #manifests: KeptManifests;
  readonly #recorder: Recorder;
  readonly #watching: Watching;

  constructor(options: {
    clock: Clock;
    ending: Ending;
    engines: Engines;
    manifests: KeptManifests;
    recorder: Recorder;
    watching: Watching;
  }) {
    this.#clock = options.clock;
    this.#ending = options.ending;
    this.#engines = options.engines;
    this.#manifests = options.manifests;
    this.#recorder = options.recorder;
    this.#watching = options.watching;
  }

  /** @param steps - those that are written already */
  async look(
    found: WorkItem,
    steps: Step[],
    environment: EnvironmentSettings,
    destination: Destination,
    signal: AbortSignal,
  ): Promise<Next> {
    const looked = this.#clock.looked();
    const memory = sinceLastLook(found.memory, looked);
    const item = { ...found, memory };
    const { deployment, wish } = item;
    const engine = this.#engines.of(environment);
    const objects = await this.#manifests.of(deployment);
    const place = { environment, destination, objects };
    if (wish === 'cancel' || wish === 'abort') {
      await this.#steer(item, 'abort', place, { signal });
      return this.#ending.cancel(item);
    }
    const isWatched = memory.watchUntil !== undefined;
    // All the traffic is there already.
    if (wish && isWatched) return this.#clock.change({ wishDone: true });
    if (wish) {
      const aim = memory.aim?.wish === wish ? memory.aim.steps : undefined;
      if (!aim && isRelative(wish)) {
        // Written before the effect, so that whoever comes after a crash does not lead it one step too far.
        const to = await engine.aim(destination, objects, wish, signal);
        return this.#clock.change({ memory: { aim: { wish, steps: to } } });
      }
      await this.#steer(item, wish, place, { aim, signal });
      const done = { wishDone: true, memory: { aim: undefined } };
      if (!isRelative(wish)) return this.#clock.change(done);
      // Whoever asks next is held to the step that it is at by now.
      const { progress } = await engine.observe(destination, objects, signal);
      return this.#clock.change({
        ...done,
        deployment: { progress: withKnown(deployment.progress, progress) },
      });
    }
    const seen = await engine.observe(destination, objects, signal);
    const { summary, evidence, verdict } = seen;
    const progress = withKnown(deployment.progress, seen.progress);
    const step = (state: Step['state'], told: string, more: string[] = []) =>
      this.#clock.steps(steps, [
        {
          ...{ name: isWatched ? 'watch' : 'ready', state, summary: told },
          evidence: [...evidence, ...more],
        },
      ]);
    // What is put back removes the pods, and their logs with them.
    const lastWords = () => lastWordsOf(engine, destination, seen.pods, signal);
    // A version that was ready is not to blame for what an autoscaler asks for beyond the nodes.
    const isBlameless = isWatched && seen.lacksNode === true;
    if (verdict === 'failed' && !isBlameless) {
      const failed = step('failed', summary, await lastWords());
      return this.#ending.fail(item, steps, summary, failed, { progress });
    }
    if (verdict === 'paused' && deployment.kind === 'rollback') {
      // What worked before need not prove itself again, nor wait for anybody.
      await this.#steer(item, 'promote-full', place, { signal });
    }
    if (verdict === 'ready' || isWatched) {
      const { namespace } = destination;
      return this.#watching.look(
        {
          ...{ item, steps, environment, namespace, lastWords },
          seen: { ...seen, progress },
        },
        signal,
      );
    }
    // A person decides how long a pause is, and a condition how long it looks back.
    const waits = verdict === 'paused' || seen.judged === true;
    const late =
      !waits &&
      memory.deadline !== undefined &&
      this.#clock.now() > memory.deadline;
    if (late) {
      const told = `Not ready within ${environment.progressDeadlineSeconds} seconds: ${summary}`;
      const failed = step('failed', told, await lastWords());
      return this.#ending.fail(item, steps, told, failed, { progress });
    }
    return this.#clock.change(
      {
        deployment: { summary, progress },
        memory: {
          ...{ ...looked, tries: 0, deadline: memory.deadline },
          ...(waits && {
            deadline: this.#clock.in(
              environment.progressDeadlineSeconds * 1000,
            ),
          }),
        },
        steps: step('running', summary),
      },
      LOOK_MS,
    );
  }

  async #steer(
    { deployment, wishedBy }: WorkItem,
    action: SteerAction,
    { environment, destination, objects }: Place,
    options: { aim?: Aim; signal: AbortSignal },
  ): Promise<void> {
    const { production } = environment;
    await this.#recorder.steering(
      ...([deployment, action, { by: wishedBy, production }] as const),
      () =>
        this.#engines
          .of(environment)
          .steer(destination, objects, action, options),
    );
  }
}

/** How far it is; where the cluster does not say for a moment, as after a pause by hand, as far as it was. */
function withKnown(known: Progress | undefined, now: Progress): Progress {
  const { weight = known?.weight, step = known?.step } = now;
  const { steps = known?.steps } = now;
  return {
    ...now,
    ...(weight !== undefined && { weight }),
    ...(step !== undefined && { step }),
    ...(steps !== undefined && { steps }),
  };
}

/** What is steered where. */
interface Place {
  environment: EnvironmentSettings;
  destination: Destination;
  objects: KubernetesObject[];
}
