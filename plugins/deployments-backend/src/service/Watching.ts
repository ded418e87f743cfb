import { Observation } from '@highroad/plugin-deployments-node';
import { Step } from '@highroad/plugin-deployments-common';
import { Memory, WorkItem } from '../database/rows';
import { Numbers } from '../drivers/prometheus/Prometheus';
import { judge, Judgement } from './conditions/judge';
import { Ending } from './Ending';
import { EnvironmentSettings } from './EnvironmentSettings';
import { Clock, Found, Next } from './Next';

/** Prometheus has nothing new more often than it scrapes. */
const JUDGE_MS = 5_000;
const LOOK_MS = 1_000;

/** One look at a deployment that has all the traffic. */
export interface Watched {
  item: WorkItem;
  steps: Step[];
  environment: EnvironmentSettings;
  namespace: string;
  seen: Observation;
  /** Why its pods do not do well, and what they printed; asked before it fails */
  lastWords: () => Promise<string[]>;
}

/** Watches over a version that has all the traffic, by its pods and by the conditions of its environment. */
export class Watching {
  readonly #clock: Clock;
  readonly #ending: Ending;
  readonly #numbers: Numbers;

  constructor(options: { clock: Clock; ending: Ending; numbers: Numbers }) {
    this.#clock = options.clock;
    this.#ending = options.ending;
    this.#numbers = options.numbers;
  }

  /**
   * Looks whether it still does well, until it was watched for long enough. What cannot be evaluated is not a pass: it
   * is tried until the end of the watch, and is then a failure.
   */
  async look(watched: Watched, signal: AbortSignal): Promise<Next> {
    const { item, environment, seen } = watched;
    const { memory } = item;
    const lasts = lengthOf(watched);
    if (lasts === 0) return this.#done(watched, []);
    const { restarts } = seen.pods;
    const until = memory.watchUntil ?? this.#clock.in(lasts * 1000);
    const before = memory.restarts ?? restarts;
    if (restarts > before) {
      return this.#fail(
        watched,
        `Containers were started again ${
          restarts - before
        } times while it was watched`,
        seen.evidence,
      );
    }
    const judged = await this.#judge(watched, signal);
    const violated = judged.filter(({ state }) => state === 'violated');
    if (violated.length > 0) {
      return this.#fail(watched, violated[0].told, linesOf(judged));
    }
    const lost = this.#lost(watched);
    const given = environment.notReadySeconds * 1000;
    const gone = Object.keys(lost).filter(
      pod => Date.parse(this.#clock.now()) - Date.parse(lost[pod]) >= given,
    );
    if (gone.length > 0) {
      return this.#fail(
        watched,
        `Not ready any more for ${environment.notReadySeconds} seconds: ${seen.summary}`,
        [...seen.evidence, `was ready before: ${gone.join(', ')}`],
      );
    }
    const held = { ...memory.held, ...heldIn(judged, this.#clock.now()) };
    const unknown = this.#unknown(watched, judged, held);
    const isReady = hasAllPods(seen);
    const over = this.#clock.now() >= until;
    if (over && isReady) {
      return unknown.length > 0
        ? this.#fail(watched, unknown[0].told, linesOf(judged))
        : this.#done(watched, judged);
    }
    const patience = environment.progressDeadlineSeconds * 1000;
    if (over && Date.parse(this.#clock.now()) > Date.parse(until) + patience) {
      return this.#fail(
        watched,
        `Not ready any more: ${seen.summary}`,
        seen.evidence,
      );
    }
    const told = [
      isReady ? 'Ready' : seen.summary,
      `watched until ${until.slice(11, 16)} UTC`,
      ...unknown.map(one => one.told),
    ].join('; ');
    return this.#clock.change(
      {
        deployment: { summary: told, progress: seen.progress },
        memory: {
          ...{ tries: 0, watchUntil: until, held, lost },
          ...this.#clock.looked(),
          restarts: Math.min(before, restarts),
        },
        steps: this.#steps(watched, 'running', told, linesOf(judged)),
      },
      judged.length > 0 ? JUDGE_MS : LOOK_MS,
    );
  }

  /** Since when each pod that was ready is not. What is ready again, even for a moment, begins anew. */
  #lost({ item, seen }: Watched): Record<string, string> {
    const before = item.memory.lost;
    return Object.fromEntries(
      (seen.pods.lost ?? []).map(pod => [
        pod,
        before[pod] ?? this.#clock.now(),
      ]),
    );
  }

  async #judge(
    { item, namespace, seen }: Watched,
    signal: AbortSignal,
  ): Promise<Judgement[]> {
    const { deployment, memory } = item;
    const { service, environment, version } = deployment;
    const { hashes } = seen.pods;
    return judge(
      this.#numbers,
      memory.conditions,
      { service, environment, namespace, version, hashes },
      signal,
    );
  }

  /** Those of which it is not known that they hold: not now, and not within the time that they look back. */
  #unknown(
    { item }: Watched,
    judged: Judgement[],
    held: Memory['held'],
  ): Judgement[] {
    const isOld = (name: string) => {
      const { window = 0 } =
        item.memory.conditions.find(one => one.name === name) ?? {};
      return !held[name] || held[name] < this.#clock.in(-window * 1000);
    };
    return judged.filter(
      ({ name, state }) => state === 'unknown' && isOld(name),
    );
  }

  #done(watched: Watched, judged: Judgement[]): Next {
    const { version, environment } = watched.item.deployment;
    return {
      kind: 'end',
      state: 'succeeded',
      summary: `${version} runs in ${environment}`,
      deployment: { progress: watched.seen.progress },
      steps: this.#steps(
        watched,
        'succeeded',
        'It did well for as long as it was watched',
        linesOf(judged),
      ),
    };
  }

  async #fail(watched: Watched, why: string, found: string[]): Promise<Next> {
    const { item, steps, seen } = watched;
    const evidence = [...found, ...(await watched.lastWords())];
    return this.#ending.fail(
      ...([item, steps, why] as const),
      this.#steps(watched, 'failed', why, evidence),
      { progress: seen.progress },
    );
  }

  /** That the pods are ready is a step of its own, which ends when the watch begins. */
  #steps(
    watched: Watched,
    state: Step['state'],
    summary: string,
    evidence: string[],
  ): Step[] {
    const { steps, seen } = watched;
    const wasReady = steps.some(
      ({ name, state: was }) => name === 'ready' && was === 'succeeded',
    );
    const found: Found[] = [
      ...(wasReady
        ? []
        : [
            {
              name: 'ready',
              state: 'succeeded' as const,
              summary: seen.summary,
              evidence: seen.evidence,
            },
          ]),
      ...(lengthOf(watched) > 0
        ? [{ name: 'watch', state, summary, evidence }]
        : []),
    ];
    return this.#clock.steps(steps, found);
  }
}

/** Seconds. What is put back is not watched: what it is measured by still tells of what it undoes. */
function lengthOf({ item, environment }: Watched): number {
  if (item.deployment.kind === 'rollback') return 0;
  const windows = item.memory.conditions.map(({ window }) => window);
  return Math.max(environment.watchSeconds, ...windows);
}

/** It has all the traffic by now: a pause that somebody makes by hand holds up nothing any more. */
function hasAllPods({ verdict, progress }: Observation): boolean {
  const { wanted, updated, ready } = progress;
  const isWhole = updated === wanted && ready === wanted;
  return verdict === 'ready' || (verdict === 'paused' && isWhole);
}

function heldIn(judged: Judgement[], now: string): Record<string, string> {
  return Object.fromEntries(
    judged
      .filter(({ state }) => state === 'held')
      .map(({ name }) => [name, now]),
  );
}

function linesOf(judged: Judgement[]): string[] {
  return judged.flatMap(({ told, query }) => [
    told,
    `asked: ${query.replace(/\s+/g, ' ').trim()}`,
  ]);
}
