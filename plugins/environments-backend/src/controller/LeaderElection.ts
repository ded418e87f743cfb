import {
  ClusterClient,
  isConflict,
} from '@highroad/plugin-platform-node/kubernetes';
import { waitFor, withinTime } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const MANAGER = 'highroad-environments-leader';
/**
 * A process that was killed lets go of nothing: whoever comes after it waits for this, unless it is certain to have ended.
 * Long enough for a cluster to be slow now and then: whoever stops leading begins seeds anew.
 */
const USUAL_DURATION_MS = 8_000;
/** How much of the time that a lease lasts its holder goes on without having renewed it. */
const SAFE_PART = 0.7;

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
  #seen: { version: string; at: number } | undefined;
  #renewedAt = 0;
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
      await waitFor(this.#durationMs / 5, signal);
    }
    if (!this.#leading) return;
    this.#leading = false;
    await turn.end();
    await this.#release().catch(this.#onTrouble);
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
    const started = this.#now().getTime();
    const lease = await this.#read();
    if (!lease) {
      return this.#write(
        () =>
          this.#client.create(
            {
              apiVersion: 'coordination.k8s.io/v1',
              kind: 'Lease',
              metadata: { name: this.#name, namespace: this.#namespace },
              spec: this.#held(0, true),
            },
            MANAGER,
          ),
        started,
      );
    }
    const { holderIdentity, leaseTransitions, leaseDurationSeconds } =
      lease.spec;
    const ours = holderIdentity === this.#identity;
    if (
      holderIdentity &&
      !ours &&
      !this.#hasEnded(lease, leaseDurationSeconds) &&
      !this.#hasSurelyEnded(holderIdentity)
    ) {
      return false;
    }
    return this.#write(
      () =>
        this.#client.patch(
          { kind: 'Lease', name: this.#name, namespace: this.#namespace },
          {
            metadata: { resourceVersion: lease.metadata.resourceVersion },
            spec: this.#held((leaseTransitions ?? 0) + (ours ? 0 : 1), !ours),
          },
          { manager: MANAGER },
        ),
      started,
    );
  }

  async #write(
    write: () => Promise<unknown>,
    started: number,
  ): Promise<boolean> {
    try {
      await write();
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
    if (this.#seen?.version !== version) this.#seen = { version, at };
    const lasts = seconds ? seconds * 1000 : this.#durationMs;
    return at - this.#seen.at > lasts;
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
