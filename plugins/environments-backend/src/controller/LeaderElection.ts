import {
  ClusterClient,
  isConflict,
} from '@highroad/plugin-platform-node/kubernetes';
import { waitFor, withinTime } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const MANAGER = 'highroad-environments-leader';
/**
 * A process that was killed lets go of nothing: whoever comes after it waits for this, unless it is certain to have ended.
 * Environments end within five seconds of their time, also then. Long enough for a cluster to be slow now and then: whoever
 * stops leading begins seeds anew.
 */
const USUAL_DURATION_MS = 4_000;
/** How much of the time that a lease lasts its holder goes on without having renewed it. */
const SAFE_PART = 0.8;
/** Whoever waits looks again this long after the lease has ended at the soonest, in milliseconds. */
const JUST_AFTER_MS = 20;
/** The part of the time that a lease lasts which lies between two tries at the least: a cluster in trouble is not hurried. */
const LEAST_PAUSE_PART = 1 / 40;

const leaseSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      leaseTransitions: z.number().nullish(),
    })
    .default({}),
});
type Lease = z.output<typeof leaseSchema>;

/**
 * One of all replicas works at a time: the holder of a Lease. Whether a lease has ended is told by how long it has not
 * been seen to change, by this process's clock alone, so that clocks that differ do no harm.
 */
export class LeaderElection {
  readonly #client: ClusterClient;
  readonly #name: string;
  readonly #namespace: string;
  readonly #identity: string;
  readonly #now: () => Date;
  readonly #hasSurelyEnded: (holder: string) => boolean;
  readonly #durationMs: number;
  readonly #onTrouble: (error: unknown) => void;
  /** Somebody's lease, and for how long nothing is to change of it before it has ended */
  #seen: { version: string; at: number; lastsMs: number } | undefined;
  #renewedAt = 0;
  /** When the last try began, whatever became of it */
  #triedAt = 0;
  /** Our own lease as it was last written, so that it can be renewed by one question */
  #ours: Lease | undefined;
  #leading = false;
  #ended = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: {
    client: ClusterClient;
    name: string;
    namespace: string;
    /** Of this process, unlike any other's */
    identity: string;
    /** Whether the process of that identity is certain to have ended, so that nobody has to wait for its lease to */
    hasSurelyEnded: (holder: string) => boolean;
    now: () => Date;
    /** How long a holder that is not heard of stays the holder, in milliseconds */
    durationMs?: number;
    onTrouble: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#name = options.name;
    this.#namespace = options.namespace;
    this.#identity = options.identity;
    this.#hasSurelyEnded = options.hasSurelyEnded;
    this.#now = options.now;
    this.#durationMs = options.durationMs ?? USUAL_DURATION_MS;
    this.#onTrouble = options.onTrouble;
  }

  get leading(): boolean {
    return this.#leading;
  }

  /**
   * Looks at the lease before it is tried for: whoever holds it is waited for from now on, so that what this process has
   * to get ready meanwhile delays nothing.
   *
   * @throws where the cluster does not answer
   */
  async look(): Promise<void> {
    const lease = await this.#read();
    if (lease) this.#hasEnded(lease, lease.spec.leaseDurationSeconds);
  }

  /** @param turn - what the leader begins with, and how it ends when it is not the leader any more */
  start(turn: { begin: () => void; end: () => Promise<void> }): void {
    this.#ended = new AbortController();
    this.#running = this.#run(turn, this.#ended.signal);
  }

  /** Lets go of the lease, so that another replica takes over at once. */
  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #run(
    turn: { begin: () => void; end: () => Promise<void> },
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      this.#triedAt = this.#now().getTime();
      const holds = await this.#tryInTime().catch(error => {
        this.#onTrouble(error);
        // Nobody may take it before it has ended; until a little before that, it is still ours.
        return this.#leading && this.#safeMs() > 0;
      });
      if (holds && !this.#leading) {
        this.#leading = true;
        turn.begin();
      } else if (!holds && this.#leading) {
        this.#leading = false;
        await turn.end();
      }
      await waitFor(this.#pauseMs(), signal);
    }
    if (!this.#leading) return;
    this.#leading = false;
    await turn.end();
    await this.#release().catch(this.#onTrouble);
  }

  /** Whoever waits for a lease to end does not look too late; whoever holds it makes up for an answer that took long. */
  #pauseMs(): number {
    const pause = this.#durationMs / 5;
    if (this.#leading) {
      const left = this.#triedAt + pause - this.#now().getTime();
      const least = this.#durationMs * LEAST_PAUSE_PART;
      // It stops leading in time also where the last try was made just before.
      return Math.max(0, Math.min(Math.max(least, left), this.#safeMs()));
    }
    if (!this.#seen) return pause;
    const { at, lastsMs } = this.#seen;
    const left = at + lastsMs - this.#now().getTime() + JUST_AFTER_MS;
    return left > 0 ? Math.min(pause, left) : pause;
  }

  /** While the lease is ours, no answer is waited for longer than it is safe to go on without one. */
  async #tryInTime(): Promise<boolean> {
    if (!this.#leading) return this.#tryToHold();
    return withinTime(
      this.#tryToHold(),
      Math.max(0, this.#safeMs()),
      'The cluster did not renew the lease in time.',
    );
  }

  /** How much longer it is safe to go on without renewing. */
  #safeMs(): number {
    const since = this.#now().getTime() - this.#renewedAt;
    return this.#durationMs * SAFE_PART - since;
  }

  async #tryToHold(): Promise<boolean> {
    if (this.#leading && this.#ours && (await this.#take(this.#ours))) {
      return true;
    }
    const lease = await this.#read();
    if (!lease) {
      return this.#write(() =>
        this.#client.create(
          {
            apiVersion: 'coordination.k8s.io/v1',
            kind: 'Lease',
            metadata: { name: this.#name, namespace: this.#namespace },
            spec: this.#held(0, true),
          },
          MANAGER,
        ),
      );
    }
    const { holderIdentity, leaseDurationSeconds } = lease.spec;
    if (
      holderIdentity &&
      holderIdentity !== this.#identity &&
      !this.#hasEnded(lease, leaseDurationSeconds) &&
      !this.#hasSurelyEnded(holderIdentity)
    ) {
      return false;
    }
    return this.#take(lease);
  }

  /** Takes or renews a lease, where it is still as it was read. */
  #take({ metadata, spec }: Lease): Promise<boolean> {
    const isOurs = spec.holderIdentity === this.#identity;
    const transitions = (spec.leaseTransitions ?? 0) + (isOurs ? 0 : 1);
    return this.#write(() =>
      this.#client.patch(
        { kind: 'Lease', name: this.#name, namespace: this.#namespace },
        {
          metadata: { resourceVersion: metadata.resourceVersion },
          spec: this.#held(transitions, !isOurs),
        },
        { manager: MANAGER },
      ),
    );
  }

  async #write(write: () => Promise<unknown>): Promise<boolean> {
    const started = this.#now().getTime();
    this.#ours = undefined;
    try {
      this.#ours = leaseSchema.parse(await write());
      this.#renewedAt = started;
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }

  #held(transitions: number, taken: boolean) {
    const now = this.#now().toISOString().replace(/Z$/, '000Z');
    return {
      holderIdentity: this.#identity,
      leaseDurationSeconds: Math.ceil(this.#durationMs / 1000),
      leaseTransitions: transitions,
      renewTime: now,
      ...(taken && { acquireTime: now }),
    };
  }

  #hasEnded(lease: Lease, seconds: number | null | undefined): boolean {
    const at = this.#now().getTime();
    const version = lease.metadata.resourceVersion;
    const lastsMs = seconds ? seconds * 1000 : this.#durationMs;
    if (this.#seen?.version !== version) this.#seen = { version, at, lastsMs };
    return at - this.#seen.at > lastsMs;
  }

  async #read(): Promise<Lease | undefined> {
    const found = await this.#client.find({
      kind: 'Lease',
      name: this.#name,
      namespace: this.#namespace,
    });
    return found && leaseSchema.parse(found);
  }

  async #release(): Promise<void> {
    const lease = await this.#read();
    if (lease?.spec.holderIdentity !== this.#identity) return;
    await this.#client.patch(
      { kind: 'Lease', name: this.#name, namespace: this.#namespace },
      {
        metadata: { resourceVersion: lease.metadata.resourceVersion },
        spec: { holderIdentity: '' },
      },
      { manager: MANAGER },
    );
  }
}
