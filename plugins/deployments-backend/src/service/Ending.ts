import { Deployment, Step } from '@highroad/plugin-deployments-common';
import { ReadStore } from '../database/ReadStore';
import { Requested } from '../database/RequestStore';
import { Memory, WorkItem } from '../database/rows';
import { nameOf } from './delivery/words';
import { Clock, Next } from './Next';

/** What only passes is tried this often at least before it is taken for an end. */
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Of what is tried without an end. */
const LONGEST_ENDLESS_PAUSE_MS = 60_000;
/**
 * No further apart are two tries of what is tried for a time: what is longer is another clock, or time in which nobody
 * tried. A registry may be left alone for longer, but how long checks fail is asked by nobody.
 */
const LONGEST_GAP_MS = 2 * LONGEST_ENDLESS_PAUSE_MS;
/** Nobody is left alone for longer, whatever they ask for. */
const MOST_HEEDED_MS = 300_000;
/** Who rolls back what failed. */
export const PLATFORM = 'plugin:deployments';

/** How a deployment ends that does not succeed, and what is put back for it. */
export class Ending {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #reader: ReadStore;

  /** @param options.random - from 0 to 1; what failed together is not tried again together */
  constructor(options: {
    clock: Clock;
    random: () => number;
    reader: ReadStore;
  }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#reader = options.reader;
  }

  /**
   * Ends it as failed, and puts back what ran before if something of it, or of one whose place it took, may have reached
   * the cluster.
   *
   * @param steps - those that are written already
   * @param written - those that say what failed; one is made if there is none
   */
  async fail(
    item: WorkItem,
    steps: Step[],
    why: string,
    written: Step[],
    deployment: Partial<Deployment> = {},
  ): Promise<Next> {
    const { state: name } = item.deployment;
    const failing =
      written.length > 0
        ? written
        : this.#clock.steps(steps, [
            { name, state: 'failed', summary: why, evidence: [] },
          ]);
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

  /**
   * Tries again a little later, or ends it if that was done often and for long enough. A rollback has to get there some
   * time: once it is being applied, it is tried until it does, or until somebody stops it.
   *
   * @param options.written - what is written if it ends
   * @param options.patienceMs - how long it is tried at least
   * @param options.afterMs - how long whoever was asked wants to be left alone
   */
  tryAgain(
    item: WorkItem,
    steps: Step[],
    why: string,
    options: { written?: Step[]; patienceMs?: number; afterMs?: number } = {},
  ): Next | Promise<Next> {
    const { written = [], patienceMs = 0, afterMs = 0 } = options;
    const { deployment, memory, wish } = item;
    const { applied, tries } = memory;
    const now = this.#clock.now();
    const since = (tries > 0 && memory.failingSince) || now;
    const failingMs =
      tries > 0 ? memory.failingMs + sinceTried(memory, now) : 0;
    const isOften = tries + 1 >= MOST_TRIES;
    const isLong = failingMs >= patienceMs;
    const isEndless = deployment.kind === 'rollback' && isInCluster(deployment);
    if (isOften && (wish === 'cancel' || wish === 'abort')) {
      return this.cancel(item);
    }
    if (isOften && isLong && !isEndless) {
      return this.fail(
        item,
        steps,
        `${why.replace(/\.$/, '')}, also when tried ${tries + 1} times`,
        written,
      );
    }
    const longest = Math.min(
      isEndless ? LONGEST_ENDLESS_PAUSE_MS : LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** tries,
    );
    const pause = longest * (0.75 + this.#random() / 2);
    const told = isOften
      ? `Goes on trying (${tries + 1} times since ${since.slice(11, 16)} UTC)`
      : 'Tries again';
    return this.#clock.change(
      {
        deployment: { summary: `${told}: ${why}` },
        memory: {
          ...{ applied, tries: tries + 1, failingSince: since },
          ...{ triedAt: now, failingMs },
        },
      },
      Math.max(pause, Math.min(afterMs, MOST_HEEDED_MS)),
    );
  }

  async cancel(item: WorkItem): Promise<Next> {
    const { then, remark } = await this.#putBack(item);
    return {
      kind: 'end',
      state: 'cancelled',
      summary: [stoppedText(item), remark].filter(Boolean).join(' '),
      then,
    };
  }

  /** What to do about what reached the cluster. A rollback that fails isn't rolled back: that would have no end. */
  async #putBack(
    item: WorkItem,
  ): Promise<{ then?: Requested; remark?: string }> {
    const { deployment, memory } = item;
    const isSpoilt = memory.applied || memory.inherited;
    if (!isSpoilt || deployment.kind === 'rollback') return {};
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
}

/** `Stopped by anna: the wrong version.` */
function stoppedText({ wishedBy, wishReason }: WorkItem): string {
  const who = wishedBy ? ` by ${nameOf(wishedBy)}` : '';
  const why = wishReason ? `: ${wishReason}` : '';
  return `Stopped${who}${why}`.replace(/\.?$/, '.');
}

/** Milliseconds; none where nobody was there to try, or where who did had quite another clock. */
function sinceTried({ triedAt = '' }: Memory, now: string): number {
  const gapMs = Date.parse(now) - Date.parse(triedAt);
  return gapMs > 0 && gapMs <= LONGEST_GAP_MS ? gapMs : 0;
}

/** Whether it is the cluster that it is at. */
export function isInCluster({ state }: Deployment): boolean {
  return state === 'applying' || state === 'shifting';
}

/**
 * A rollback to what an earlier deployment applied, from what was kept of it. What was changed by hand meanwhile does not
 * keep it from that, if it is not told otherwise.
 */
export function rollbackTo(
  good: Deployment,
  undone: Deployment | undefined,
  by: Pick<
    Requested,
    'requestedBy' | 'door' | 'correlation' | 'reason' | 'takeOver'
  >,
): Requested {
  const { service, environment, version, image, digest, commit } = good;
  const { strategy, manifestsDigest } = good;
  return {
    kind: 'rollback',
    ...{ service, environment, version, image, digest, commit, strategy },
    manifestsOf: good.id,
    manifestsDigest,
    undoes: undone?.id,
    takeOver: true,
    ...by,
  };
}
