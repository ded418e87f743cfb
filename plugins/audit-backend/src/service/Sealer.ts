import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ChainEnd,
  columnsOf,
  furtherEnvironmentsOf,
  linkHash,
  parseBody,
  RecordBody,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { boundedTransaction } from '../database/boundedTransaction';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { IntakeRow, IntakeStore } from '../database/IntakeStore';
import { Lease, LeaseStore } from '../database/LeaseStore';
import { OpenIntentStore } from '../database/OpenIntentStore';
import { RecordRow, RecordStore, tooLong } from '../database/RecordStore';
import {
  RejectedPlace,
  RejectedRow,
  RejectedStore,
} from '../database/RejectedStore';
import { RecordEnvironmentStore } from '../database/RecordEnvironmentStore';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { continues } from './continues';
import { KeySuccession } from './KeySuccession';
import { putAsideBodies } from './putAside';
import { SealRenewer } from './SealRenewer';

export const SEALER_LEASE = 'sealer';
/** Sealed so long after it happened that it stands far from what happened beside it. Clocks may differ by less. */
export const LATE_MS = 5 * 60_000;
/** What is archived is older than this, whatever is set: for archives that do not say how old. */
const ARCHIVE_AGE_MS = 60 * 60_000;

/** What one batch did. */
export type Sealed =
  | {
      held: true;
      taken: number;
      sealed: number;
      rejected: number;
      head: ChainEnd;
    }
  /** Somebody else has the lease: nothing was done */
  | { held: false };

/** The chain is not what this process left it as. */
export class ChainCutError extends Error {
  constructor(last: ChainEnd, head: ChainEnd) {
    super(
      `The end of the audit ledger's chain was cut off or changed: record ${last.seq} was sealed or seen here, and the database now ends at ${head.seq}. Nothing more is sealed. See docs/runbooks/audit-chain-broken.md`,
    );
    this.name = 'ChainCutError';
  }
}

/** What says where the chain is was deleted, and not the chain. */
export class ChainLostError extends Error {
  constructor() {
    super(
      'The row of the table "chain", which says where the chain of the audit ledger ends, was deleted, though there are records or signatures. Nothing more is sealed. See docs/runbooks/audit-chain-broken.md',
    );
    this.name = 'ChainLostError';
  }
}

/**
 * Moves records from the intake into the chain. Each batch is one transaction that also checks and extends the lease: it
 * happens wholly or not at all, and never beside that of another sealer.
 */
export class Sealer {
  readonly #keys: LedgerKeys;
  readonly #now: () => Date;
  readonly #newChain: () => string;
  readonly #newId: () => string;
  readonly #seen: () => ChainEnd | undefined;
  readonly #batch: number;
  readonly #succession: KeySuccession;
  readonly #renewer: SealRenewer;
  /** Whether seals of earlier keys may be left */
  #renewing = false;
  readonly #leaseMs: number;
  /** What this process sealed last, which nobody who changes the database can change */
  #last: ChainEnd | undefined;

  constructor(options: {
    keys: LedgerKeys;
    now: () => Date;
    logger: LoggerService;
    /** Gives UUIDs of version 7 */
    newId: () => string;
    /** Gives ids of chains: 64 random hexadecimal digits */
    newChain: () => string;
    /** The furthest end of the chain that this process has seen, whoever sealed it */
    seen?: () => ChainEnd | undefined;
    batch?: number;
    leaseMs?: number;
  }) {
    this.#keys = options.keys;
    this.#now = options.now;
    this.#succession = new KeySuccession(options);
    this.#renewer = new SealRenewer(options);
    this.#newChain = options.newChain;
    this.#newId = options.newId;
    this.#seen = options.seen ?? (() => undefined);
    this.#batch = options.batch ?? 1000;
    this.#leaseMs = options.leaseMs ?? 10_000;
  }

  /** Becomes the only sealer, if there is no other. */
  async take(db: Knex, holder: string): Promise<Lease | undefined> {
    return boundedTransaction(db, tx =>
      new LeaseStore(tx).take(SEALER_LEASE, holder, this.#time()),
    );
  }

  /**
   * Seals what came first, up to a whole batch.
   *
   * @throws ChainCutError if the chain does not go on from what this process sealed or saw last; then nothing is sealed, so that
   * verifying goes on to find it
   */
  async sealBatch(db: Knex, lease: Lease): Promise<Sealed> {
    const sealed = await this.#sealIn(db, lease);
    if (sealed.held) this.#last = sealed.head;
    return sealed;
  }

  async #sealIn(db: Knex, lease: Lease): Promise<Sealed> {
    return boundedTransaction(db, async tx => {
      // First of all, since this makes every other writer wait, and is refused if somebody else took over.
      const held = await new LeaseStore(tx).renew(lease, this.#time());
      if (!held) return { held: false };
      const chain = new ChainStore(tx);
      const rows = await new IntakeStore(tx).oldest(this.#batch);
      const state = (await chain.read()) ?? (await this.#begin(tx, chain));
      await this.#requireContinuation(tx, state.head);
      if (rows.length === 0) {
        const head = state.head;
        return { held: true, taken: 0, sealed: 0, rejected: 0, head };
      }
      const { records, further, rejected, head } = await this.#link(
        rows,
        state.head,
        tx,
        await archivedBefore(tx),
      );
      if (records.length > 0) {
        await new RecordStore(tx).add(records);
        await new RecordEnvironmentStore(tx).add(further);
        await chain.moveHead(head);
        await this.#noteOpen(tx, records);
      }
      await new RejectedStore(tx).add(rejected);
      await new IntakeStore(tx).remove(rows.map(({ id }) => id));
      return {
        ...{ held: true, taken: rows.length, head },
        ...{ sealed: records.length, rejected: rejected.length },
      };
    });
  }

  /**
   * Gives a batch of what was rejected another try: a key that was unknown, as while replicas get a new one, may be known now.
   *
   * @param after - where the batch before ended
   * @returns how many went back into the intake, and where this batch ended; no end if it was the last
   */
  async readmit(
    db: Knex,
    lease: Lease,
    after?: RejectedPlace,
  ): Promise<{ back: number; end?: RejectedPlace }> {
    return boundedTransaction(db, async tx => {
      if (!(await new LeaseStore(tx).renew(lease, this.#time()))) {
        return { back: 0 };
      }
      const rejected = await new RejectedStore(tx).oldest(this.#batch, after);
      const last = rejected[this.#batch - 1];
      const end = last && { found_at: last.found_at, id: last.id };
      const floor = await archivedBefore(tx);
      const good = rejected.filter(row => 'body' in this.#read(row, floor));
      if (good.length === 0) return { back: 0, end };
      await new IntakeStore(tx).addMissing(
        good.map(({ id, body, mac, received_at }) => ({
          ...{ id, body, mac, received_at },
        })),
      );
      await new RejectedStore(tx).remove(good.map(({ id }) => id));
      const at = this.#now().toISOString();
      const made = { at, newId: this.#newId };
      for (const body of putAsideBodies('back', good, made)) {
        const text = JSON.stringify(body);
        const mac = this.#keys.markBody(text);
        const own = { id: body.id, body: text, mac, received_at: at };
        await new IntakeStore(tx).add(own);
      }
      return { back: good.length, end };
    });
  }

  /** Notes, before the first seal of this process, that its key follows another one, if it does. */
  async takeOver(db: Knex, lease: Lease): Promise<void> {
    await boundedTransaction(db, async tx => {
      if (!(await new LeaseStore(tx).renew(lease, this.#time()))) return;
      await this.#succession.takeOver(tx);
    });
    this.#renewing = true;
  }

  /**
   * Puts the seal of the current key in place of some of those of earlier ones, as long as there are any.
   *
   * @returns whether {@link lookThrough} comes before the next
   */
  async renewSeals(db: Knex, lease: Lease): Promise<boolean> {
    if (!this.#renewing) return false;
    const more = await boundedTransaction(db, async tx => {
      if (!(await new LeaseStore(tx).renew(lease, this.#time()))) return true;
      return this.#renewer.renewSome(tx);
    });
    this.#renewing = more !== false;
    return more === 'look';
  }

  /** Outside of transactions, since it reads much and others shall go on meanwhile. */
  async lookThrough(db: Knex): Promise<void> {
    await this.#renewer.lookThrough(db);
  }

  #time(): { now: number; ttlMs: number } {
    return { now: this.#now().getTime(), ttlMs: this.#leaseMs };
  }

  /** Whoever takes over from another goes on from what was seen of that one's work. */
  async #requireContinuation(tx: Knex, head: ChainEnd): Promise<void> {
    for (const last of [this.#last, this.#seen()]) {
      if (last && !(await continues(tx, last, head))) {
        throw new ChainCutError(last, head);
      }
    }
  }

  async #begin(tx: Knex, chain: ChainStore) {
    if (await hasChain(tx)) throw new ChainLostError();
    const id = this.#newChain();
    const startedAt = this.#now().toISOString();
    await chain.begin(id, startedAt);
    return { chain: id, head: { seq: 0, hash: id }, startedAt };
  }

  async #link(
    rows: IntakeRow[],
    start: ChainEnd,
    tx: Knex,
    floor: string,
  ): Promise<{
    records: RecordRow[];
    /** What they are found by besides */
    further: Array<{ seq: number; environment: string }>;
    rejected: RejectedRow[];
    head: ChainEnd;
  }> {
    // Places are found by time, so times never go back along the chain, whoever's clock does.
    const store = new RecordStore(tx);
    const before = (await store.at(start.seq))?.sealed_at ?? '';
    const told = this.#now().toISOString();
    const sealed_at = told > before ? told : before;
    // One that waited in a spool may have come in by two ways.
    const known = await store.knownIds(rows.map(({ id }) => id));
    const records: RecordRow[] = [];
    const further: Array<{ seq: number; environment: string }> = [];
    const rejected: RejectedRow[] = [];
    let head = start;
    const append = (body: RecordBody, text: string) => {
      const seq = head.seq + 1;
      const digest = nodeCrypto.sha256(text);
      const hash = linkHash(head.hash, seq, digest, nodeCrypto);
      const late = Date.parse(sealed_at) - Date.parse(body.at) > LATE_MS;
      records.push({
        ...{ seq, prev: head.hash, hash, body: text, sealed_at, late },
        seal: this.#keys.markPlace(hash, sealed_at),
        ...columnsOf(body),
      });
      for (const environment of furtherEnvironmentsOf(body)) {
        further.push({ seq, environment });
      }
      head = { seq, hash };
    };
    for (const row of rows) {
      const read = this.#read(row, floor);
      if ('objection' in read) {
        rejected.push({ ...row, found_at: sealed_at, reason: read.objection });
      } else if (!known.has(row.id)) {
        append(read.body, row.body);
      }
    }
    // What is put aside stands in the chain too, or whoever removes it there would leave no trace.
    const made = { at: sealed_at, newId: this.#newId };
    for (const body of putAsideBodies('aside', rejected, made)) {
      append(body, JSON.stringify(body));
    }
    return { records, further, rejected, head };
  }

  /** Keeps the list of what has not ended. An outcome may come before its intent, if that had to wait in a spool. */
  async #noteOpen(tx: Knex, records: RecordRow[]): Promise<void> {
    const intents = records.filter(({ phase }) => phase === 'intent');
    const ended = await new RecordStore(tx).endedAmong(
      intents.map(({ id }) => id),
    );
    const open = new OpenIntentStore(tx);
    await open.add(
      intents
        .filter(({ id }) => !ended.has(id))
        .map(({ id, seq }) => ({ id, seq })),
    );
    const outcomes = records.flatMap(({ intent_id }) => intent_id ?? []);
    await open.remove(outcomes);
  }

  /** Reads what stands in the intake, or says why it cannot be sealed. */
  #read(
    row: IntakeRow,
    floor: string,
  ): { body: RecordBody } | { objection: string } {
    if (this.#keys.checkBody(row.body, row.mac) !== 'valid') {
      return {
        objection:
          "The ledger did not write it: its mark is not that of any of the ledger's secret keys.",
      };
    }
    const body = parseBody(row.body);
    if (!body) {
      return {
        objection: 'This version of the ledger does not know its form.',
      };
    }
    if (body.id !== row.id) {
      return { objection: 'Its id is not the one that its body says.' };
    }
    const column = tooLong(columnsOf(body));
    if (column) {
      return { objection: `Its ${column} is longer than can be stored.` };
    }
    return body.at < floor
      ? {
          objection: `It is of ${body.at}, and the records of that time were archived: it may be one of them, put in again.`,
        }
      : { body };
  }
}

/**
 * The time before which a record may be one of those that were archived. Which ids those records had is no longer known, so that
 * nothing of that time can be taken in.
 */
async function archivedBefore(tx: Knex): Promise<string> {
  const archived = await new ArchiveStore(tx).last();
  if (!archived) return '';
  if (archived.until) {
    // Whoever wrote a record may have another clock than whoever sealed it.
    return new Date(Date.parse(archived.until) + LATE_MS).toISOString();
  }
  const first = await new RecordStore(tx).at(archived.to + 1);
  if (first) return first.sealed_at;
  return new Date(Date.parse(archived.at) - ARCHIVE_AGE_MS).toISOString();
}

/** Whether there is a chain, whatever became of the row that says where it is. */
async function hasChain(tx: Knex): Promise<boolean> {
  const trace =
    (await new RecordStore(tx).last()) ??
    (await new CheckpointStore(tx).last()) ??
    (await new ArchiveStore(tx).last());
  return trace !== undefined;
}
