import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { hasEnded, Step } from '@highroad/plugin-deployments-common';
import { LONGEST_CALL_MS } from '@highroad/plugin-deployments-node';
import { PollingLoop } from '@highroad/plugin-platform-node';
import { ReadStore } from '../database/ReadStore';
import { LostLeaseError, WorkStore } from '../database/WorkStore';
import { LEASE_MS, RENEW_MS } from '../database/lease';
import { WorkItem } from '../database/rows';
import { Abandoned } from './Abandoned';
import { Recorder } from './Recorder';
import { Stepper } from './Stepper';

/** How often it is looked for what is due, where nobody says so. */
const TICK_MS = 500;
const AT_ONCE = 20;
/** How often it is looked for what others have left behind. */
const ABANDONED_MS = 5_000;

/** Advances deployments, as one of as many workers as there are replicas. */
export class Worker {
  readonly #abandoned: Abandoned;
  readonly #elapsed: () => number;
  readonly #holder: string;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #onChange: (id: string) => void;
  readonly #reader: ReadStore;
  readonly #recorder: Recorder;
  readonly #stepper: Stepper;
  readonly #work: WorkStore;
  readonly #loop: PollingLoop;
  readonly #running = new Map<string, Promise<void>>();
  readonly #checks = new Map<string, () => void>();
  #lookedAt = -Infinity;

  constructor(options: {
    /** Milliseconds by a clock that nobody sets; that of the process if left out */
    elapsed?: () => number;
    holder: string;
    logger: LoggerService;
    now: () => Date;
    /** Told of each write */
    onChange: (id: string) => void;
    reader: ReadStore;
    recorder: Recorder;
    stepper: Stepper;
    work: WorkStore;
  }) {
    const { work, elapsed = () => performance.now() } = options;
    this.#abandoned = new Abandoned({ elapsed, work });
    this.#elapsed = elapsed;
    this.#holder = options.holder;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#onChange = options.onChange;
    this.#reader = options.reader;
    this.#recorder = options.recorder;
    this.#stepper = options.stepper;
    this.#work = work;
    this.#loop = new PollingLoop({
      turn: () => this.#claim(),
      onError: error =>
        this.#logger.error(
          `What is due could not be looked for: ${stringifyError(error)}`,
        ),
      pauseMs: TICK_MS,
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Lets go of what it is at; another worker, or this one after a restart, goes on. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await Promise.all(this.#running.values());
  }

  /**
   * Something may be due.
   *
   * @param id - what changed; if this worker is at it, it makes sure that it still may be
   */
  wake(id?: string): void {
    if (id) this.#checks.get(id)?.();
    this.#loop.wake();
  }

  async #claim(): Promise<void> {
    if (this.#elapsed() - this.#lookedAt >= ABANDONED_MS) {
      this.#lookedAt = this.#elapsed();
      await this.#abandoned.freeFarAhead(this.#in(0));
    }
    const room = AT_ONCE - this.#running.size;
    if (room <= 0) return;
    const until = this.#in(LEASE_MS);
    const items = await this.#work.claim({
      holder: this.#holder,
      now: this.#in(0),
      until,
      limit: room,
      isOver: row => this.#abandoned.isOver(row),
    });
    for (const item of items) {
      const { id } = item.deployment;
      const done = this.#advance(item, until)
        .catch(error => this.#logger.error(notAdvanced(item, error)))
        .finally(() => {
          this.#running.delete(id);
          this.wake();
        });
      this.#running.set(id, done);
    }
  }

  /**
   * Goes on with one until it has to wait for something, has ended, or is somebody else's. It counts as that too if the
   * lease could not be renewed, before a call that is under way could outlast it.
   *
   * @param until - when the lease ends if it is not renewed
   */
  async #advance(first: WorkItem, until: string): Promise<void> {
    const { signal } = this.#loop;
    let item = first;
    const lost = new AbortController();
    let held = until;
    const renew = async () => {
      if (this.#in(LONGEST_CALL_MS) > held) lost.abort();
      if (lost.signal.aborted) return;
      const next = this.#in(LEASE_MS);
      try {
        await this.#work.renew(item, next);
        if (next > held) held = next;
      } catch (error) {
        if (error instanceof LostLeaseError) lost.abort();
        else {
          this.#logger.warn(
            `The lease of deployment ${
              item.deployment.id
            } could not be renewed: ${stringifyError(error)}`,
          );
        }
      }
    };
    const note = async (steps: Step[]) => {
      try {
        item = await this.#work.note(item, steps);
        this.#onChange(item.deployment.id);
      } catch (error) {
        if (error instanceof LostLeaseError) lost.abort();
        else {
          this.#logger.warn(
            `Steps of deployment ${
              item.deployment.id
            } could not be written yet: ${stringifyError(error)}`,
          );
        }
      }
    };
    const renewing = setInterval(renew, RENEW_MS);
    this.#checks.set(first.deployment.id, renew);
    try {
      while (!signal.aborted && !lost.signal.aborted) {
        const { id } = item.deployment;
        const detail = await this.#reader.get(id);
        const next = await this.#stepper.next(item, detail?.steps ?? [], {
          note,
          signal: AbortSignal.any([signal, lost.signal]),
        });
        if (next.kind === 'end') {
          await this.#work.end(item, { ...next, now: this.#in(0) });
          this.#onChange(id);
          const { state, summary } = next;
          await this.#recorder.ended({ ...item.deployment, state, summary });
          return;
        }
        item = await this.#work.advance(item, next.change, this.#in(0));
        this.#onChange(id);
        if (hasEnded(item.deployment.state)) return;
        if (next.change.dueAt > this.#in(0)) break;
      }
      if (lost.signal.aborted) await this.#work.letGo(item, this.#in(0));
      else await this.#work.release(item);
    } catch (error) {
      if (error instanceof LostLeaseError || lost.signal.aborted) {
        await this.#work.letGo(item, this.#in(0));
        return;
      }
      if (signal.aborted) {
        await this.#work.release(item);
        return;
      }
      // It stays this worker's until its lease ends, and is taken up again then.
      this.#logger.error(notAdvanced(item, error));
    } finally {
      clearInterval(renewing);
      this.#checks.delete(first.deployment.id);
    }
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}

function notAdvanced({ deployment }: WorkItem, error: unknown): string {
  return `Deployment ${deployment.id} could not be advanced: ${stringifyError(
    error,
  )}`;
}
