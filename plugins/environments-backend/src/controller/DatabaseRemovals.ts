import { stringifyError } from '@backstage/errors';
import { withinTime } from '@highroad/plugin-platform-node';
import { FewAtOnce } from './FewAtOnce';

/** How many environments' databases are taken away at once. */
const PLACES = 8;
/** How long one try may take, in milliseconds. */
const TRY_MS = 60_000;
/** After a try that failed, the next is made this much later, in milliseconds. */
const TRY_AGAIN_MS = 5_000;

/** How far the end of an environment's databases is. */
export type Removal =
  /** Also when a try has failed and the next goes on: then with why the last did */
  | { state: 'going-on'; failure?: string }
  | { state: 'done' }
  | { state: 'failed'; failure: string; retryAt: number };

type Going = Removal & {
  /** Whether nothing but the databases was left when it was begun */
  isLast: boolean;
  ended: AbortController;
  over: Promise<void>;
};

/**
 * Has the databases of environments taken away beside the queue: a server that does not answer holds up the ends of databases, and
 * nothing else.
 */
export class DatabaseRemovals {
  readonly #remove: (uid: string, signal: AbortSignal) => Promise<void>;
  readonly #now: () => number;
  readonly #tryMs: number;
  readonly #places = new FewAtOnce(PLACES);
  readonly #removals = new Map<string, Going>();

  /**
   * @param options.remove - takes away all databases of an environment
   * @param options.tryMs - how long a try may take, in milliseconds
   */
  constructor(options: {
    remove: (uid: string, signal: AbortSignal) => Promise<void>;
    now: () => number;
    tryMs?: number;
  }) {
    this.#remove = options.remove;
    this.#now = options.now;
    this.#tryMs = options.tryMs ?? TRY_MS;
  }

  /**
   * Begins it where it has not been, or tries it again where it is time to. Returns at once.
   *
   * @param options.isLast - nothing but the databases is left: what was found before that does not count any more
   * @param options.onNews - called when there is something new
   */
  on(
    uid: string,
    { isLast, onNews }: { isLast: boolean; onNews: () => void },
  ): Removal {
    const there = this.#removals.get(uid);
    const isOld =
      !there ||
      (there.state === 'done' && isLast && !there.isLast) ||
      (there.state === 'failed' && this.#now() >= there.retryAt);
    if (!isOld) return there;
    const failure = there?.state === 'failed' ? there.failure : undefined;
    const ended = new AbortController();
    const going: Going = {
      ...{ state: 'going-on', isLast, ended, over: Promise.resolve() },
      ...(failure && { failure }),
    };
    this.#removals.set(uid, going);
    going.over = this.#try(uid, ended.signal)
      .then(
        (): Removal => ({ state: 'done' }),
        (error): Removal => ({
          ...{ state: 'failed', failure: stringifyError(error) },
          retryAt: this.#now() + TRY_AGAIN_MS,
        }),
      )
      .then(next => {
        if (this.#removals.get(uid) !== going) return;
        this.#removals.set(uid, { ...next, isLast, ended, over: going.over });
        onNews();
      });
    return going;
  }

  /** Forgets what was found out of an environment that is gone. */
  forget(uid: string): void {
    this.#removals.get(uid)?.ended.abort();
    this.#removals.delete(uid);
  }

  /** Breaks off what goes on; it is taken up again by whoever works next. */
  async stop(): Promise<void> {
    const all = [...this.#removals.values()];
    this.#removals.clear();
    for (const { ended } of all) ended.abort();
    await Promise.all(all.map(({ over }) => over));
  }

  async #try(uid: string, ended: AbortSignal): Promise<void> {
    const leave = await this.#places.enter(ended);
    const late = AbortSignal.timeout(this.#tryMs);
    try {
      await withinTime(
        this.#remove(uid, AbortSignal.any([ended, late])),
        this.#tryMs,
        `nobody answered within ${Math.round(this.#tryMs / 1000)} seconds`,
      );
    } finally {
      leave();
    }
  }
}
