import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { PollingLoop } from '@highroad/plugin-platform-node';
import { GitHostRateLimitedError } from '@highroad/plugin-platform-node/git-hosts';
import { PullRequestReconciler } from './PullRequestReconciler';
import { PullRequestRef, referenceOf } from './PullRequestRef';
import {
  LookItem,
  LookKind,
  LostLookError,
  PullRequestStore,
  WHOLE_REPOSITORY,
} from './PullRequestStore';
import { Relisting } from './Relisting';

/** Longer than a look may take. */
const LEASE_MS = 120_000;
const TICK_MS = 500;
const AT_ONCE = 16;
/** Of repositories, so that there is always room for a pull request that somebody waits for. */
const LISTED_AT_ONCE = 4;
/**
 * Repositories with environments go first, as they may have one to end. Of so many listings one is of whichever has waited
 * longest, so that all have their turn.
 */
const ANY_OF = 4;
/** GitHub takes some 15 questions a second from one token in all, also those that it answers with "as before". */
const LIST_EVERY_MS = 100;
const DISCOVER_MS = 20_000;
const CHANGES_MS = 15_000;
/** While something goes on that nobody tells of, such as an end. */
const SOON_MS = 2_000;
/** Nothing depends on it: what changes is told by webhooks, by lists and by the cluster. */
const AGAIN_MS = 600_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_LIMIT_MS = 900_000;

/** Looks at pull requests and repositories that are due, as one of as many workers as there are replicas. */
export class PullRequestWorker {
  readonly #holder: string;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #random: () => number;
  readonly #reconciler: Pick<PullRequestReconciler, 'look'>;
  readonly #relisting: Pick<Relisting, 'discover' | 'findChanges' | 'list'>;
  readonly #relistMs: number;
  readonly #store: PullRequestStore;
  readonly #loop: PollingLoop;
  readonly #running = new Set<Promise<void>>();
  /** Whether something has changed is being found out */
  #asking: Promise<void> | undefined;
  /** Which repositories there are is being found out */
  #discovering: Promise<void> | undefined;
  #listing = 0;
  #listed = 0;
  #listNextAt = 0;
  readonly #complained = new Set<string>();
  #discoverAt = 0;
  #changesAt = 0;

  constructor(options: {
    holder: string;
    logger: LoggerService;
    now: () => Date;
    /** From 0 to 1 */
    random: () => number;
    reconciler: Pick<PullRequestReconciler, 'look'>;
    relisting: Pick<Relisting, 'discover' | 'findChanges' | 'list'>;
    /** How often repositories are listed */
    relistMs: number;
    store: PullRequestStore;
  }) {
    this.#holder = options.holder;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#random = options.random;
    this.#reconciler = options.reconciler;
    this.#relisting = options.relisting;
    this.#relistMs = options.relistMs;
    this.#store = options.store;
    this.#loop = new PollingLoop({
      turn: () => this.#turn(),
      onError: error =>
        this.#complain('turn', 'No pull request can be looked at', error),
      pauseMs: TICK_MS,
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Ends what goes on; others take it up. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await Promise.all([...this.#running, this.#asking, this.#discovering]);
  }

  /**
   * Has a pull request looked at. It is not lost once this has returned.
   *
   * @param inMs - at once if left out
   */
  async want(ref: PullRequestRef, inMs = 0): Promise<void> {
    await this.#store.want([ref], this.#in(inMs));
    if (inMs === 0) this.#loop.wake();
  }

  async #turn(): Promise<void> {
    this.#discover();
    this.#findChanges();
    await this.#take(
      'pull-requests',
      AT_ONCE - (this.#running.size - this.#listing),
    );
    await this.#takeRepositories(this.#listable());
    this.#complained.delete('turn');
  }

  /** Beside what else goes on: a catalog that is slow, or knows thousands, keeps nothing from being looked at. */
  #discover(): void {
    const now = this.#now().getTime();
    if (this.#discovering || now < this.#discoverAt) return;
    this.#discoverAt = now + DISCOVER_MS;
    this.#discovering = this.#relisting
      .discover()
      .then(
        () => {
          this.#complained.delete('discover');
        },
        error =>
          this.#complain(
            'discover',
            'It cannot be found out which repositories have pull requests',
            error,
          ),
      )
      .finally(() => {
        this.#discovering = undefined;
        this.#loop.wake();
      });
  }

  /** Beside what else goes on: a host that is slow keeps nothing from being looked at. */
  #findChanges(): void {
    if (this.#asking || this.#now().getTime() < this.#changesAt) return;
    this.#asking = this.#relisting
      .findChanges(
        AbortSignal.any([this.#loop.signal, AbortSignal.timeout(LEASE_MS)]),
      )
      .then(
        () => {
          this.#complained.delete('changes');
        },
        error => {
          if (this.#loop.signal.aborted) return;
          this.#complain(
            'changes',
            'It cannot be found out which pull requests have changed',
            error,
          );
        },
      )
      .finally(() => {
        this.#changesAt = this.#now().getTime() + CHANGES_MS;
        this.#asking = undefined;
        this.#loop.wake();
      });
  }

  async #takeRepositories(limit: number): Promise<void> {
    const untilAny = ANY_OF - 1 - (this.#listed % ANY_OF);
    const wanted = Math.min(limit, untilAny);
    const first = await this.#take('repositories-with-environments', wanted);
    const left = limit - first;
    await this.#take('repositories', first < wanted ? left : Math.min(left, 1));
  }

  /** @returns how many */
  async #take(kind: LookKind, limit: number): Promise<number> {
    if (limit <= 0) return 0;
    const items = await this.#store.claim({
      ...{ kind, limit, holder: this.#holder },
      now: this.#in(0),
      until: this.#in(LEASE_MS),
    });
    const isList = kind !== 'pull-requests';
    if (isList) {
      this.#listing += items.length;
      this.#listed += items.length;
      this.#listNextAt =
        Math.max(this.#now().getTime(), this.#listNextAt) +
        items.length * LIST_EVERY_MS;
    }
    for (const item of items) {
      const work = this.#look(item).finally(() => {
        this.#running.delete(work);
        if (isList) this.#listing -= 1;
        this.#loop.wake();
      });
      this.#running.add(work);
    }
    return items.length;
  }

  /** How many repositories may be listed now. */
  #listable(): number {
    const paced = this.#now().getTime() >= this.#listNextAt;
    return paced ? LISTED_AT_ONCE - this.#listing : 0;
  }

  /** Never fails: what goes wrong is kept with the item, and tried again. */
  async #look(item: LookItem): Promise<void> {
    const { ref } = item;
    const text = nameOf(ref);
    try {
      // Ended before the lease does, so that two never look at the same.
      const signal = AbortSignal.any([
        this.#loop.signal,
        AbortSignal.timeout(LEASE_MS - 10_000),
      ]);
      await (ref.number === WHOLE_REPOSITORY
        ? this.#list(item, signal)
        : this.#reconcile(item, signal));
      this.#complained.delete(text);
    } catch (error) {
      if (error instanceof LostLookError) return;
      if (!this.#loop.signal.aborted) {
        this.#complain(text, `${text} could not be looked at`, error);
      }
      await this.#failed(item, error).catch(failure => {
        if (failure instanceof LostLookError) return;
        // The lease ends by itself, and somebody looks again.
        this.#complain(text, `${text} could not be given back`, failure);
      });
    }
  }

  async #list(item: LookItem, signal: AbortSignal): Promise<void> {
    const goesOn = await this.#relisting.list(item.ref, signal);
    if (!goesOn) {
      await this.#store.forget(item, this.#in(this.#relistMs));
      return;
    }
    await this.#store.release(item, {
      memory: item.memory,
      // Repositories that were found at once are not listed at once for ever.
      dueAt: this.#in(this.#relistMs * (0.75 + this.#random() / 4)),
      tries: 0,
    });
  }

  async #reconcile(item: LookItem, signal: AbortSignal): Promise<void> {
    let known = item;
    const { memory, finished, soon, askAgainMs } = await this.#reconciler.look(
      item.ref,
      item.memory,
      async now => {
        await this.#store.keep(item, now);
        known = { ...item, memory: now };
      },
      signal,
    );
    known = { ...known, memory };
    if (finished) {
      await this.#store.forget(known, this.#in(0));
      return;
    }
    await this.#store.release(known, {
      ...{ memory, tries: 0 },
      dueAt: this.#in(soon ? SOON_MS : askAgainMs ?? AGAIN_MS),
    });
  }

  async #failed(item: LookItem, error: unknown): Promise<void> {
    const current = await this.#store.find(item.ref);
    const stopping = this.#loop.signal.aborted;
    const limited =
      error instanceof GitHostRateLimitedError ? error.retryAfterMs : undefined;
    const pause =
      limited === undefined
        ? Math.min(
            LONGEST_PAUSE_MS,
            FIRST_PAUSE_MS * 2 ** Math.min(item.tries, 10),
          )
        : Math.min(LONGEST_LIMIT_MS, Math.max(FIRST_PAUSE_MS, limited));
    await this.#store.release(item, {
      // What was kept during the look holds.
      memory: current?.memory ?? item.memory,
      dueAt: this.#in(stopping ? 0 : pause * (0.75 + this.#random() / 2)),
      tries: item.tries + (stopping ? 0 : 1),
      problem: error instanceof Error ? error.message : String(error),
    });
  }

  /** Once, until it goes well again. */
  #complain(about: string, what: string, error: unknown): void {
    const text = `${what}: ${stringifyError(error)}. It is tried again.`;
    if (this.#complained.has(about)) this.#logger.debug(text);
    else this.#logger.warn(text);
    this.#complained.add(about);
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}

function nameOf(ref: PullRequestRef): string {
  const { host, repository, number } = referenceOf(ref);
  return number === WHOLE_REPOSITORY
    ? `The repository ${host}/${repository}`
    : `The pull request ${host}/${repository}#${number}`;
}
