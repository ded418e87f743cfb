import { ConflictError } from '@backstage/errors';
import { LedgerRecord, RecordFilter } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { Visible } from '../access/Visibility';
import { ChainStore } from '../database/ChainStore';
import {
  FoundRow,
  RecordEnvironmentStore,
} from '../database/RecordEnvironmentStore';
import { RecordStore } from '../database/RecordStore';
import { knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { HeadWatch } from '../service/HeadWatch';
import { lastSealed } from '../service/sealedRows';
import { Verifier } from '../service/Verifier';
import { archiveProblem } from './archiveProblem';
import { normalFilter, RecordQuery } from './RecordQuery';
import { RecordSearchStore } from './RecordSearchStore';
import { RecordMarks } from './RecordMarks';

/** How often a process looks for what another one has sealed. */
const LOOK_MS = 1_000;
/** Whoever knows that records are missing is not told that all the time. */
const CUT_AGAIN_MS = 5_000;

type Suspicion = NonNullable<LedgerRecord['suspect']>;

/**
 * Reads the ledger for somebody. What they may not see does not exist; what is not as it was sealed is marked as suspect.
 */
export class RecordReader {
  readonly #database: () => Promise<Knex>;
  readonly #head: HeadWatch;
  readonly #keys: LedgerKeys;
  readonly #verifier: Verifier;
  readonly #now: () => Date;

  constructor(options: {
    database: () => Promise<Knex>;
    head: HeadWatch;
    keys: LedgerKeys;
    verifier: Verifier;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#head = options.head;
    this.#keys = options.keys;
    this.#verifier = options.verifier;
    this.#now = options.now;
  }

  /**
   * A page of records, the newest first. An intent whose outcome is found too is left out in favour of it, if that is what
   * was sealed: nobody can hide an intent behind an outcome of their own making.
   *
   * @returns `cut`: that records at the end of the chain are missing, as far as that shows at once
   */
  async search(
    asked: RecordFilter,
    visible: Visible,
    page: { limit: number; before?: number },
  ): Promise<{ items: LedgerRecord[]; next?: number; cut?: Suspicion }> {
    const db = await this.#database();
    const store = new RecordSearchStore(db);
    const filter = normalFilter(asked);
    const places = await store.placesByTime(filter);
    const query: RecordQuery = { filter, visible, places };
    const marks = await this.#marks(db);
    const cut = await this.#cut(db);
    const items: LedgerRecord[] = [];
    let { before } = page;
    for (;;) {
      // About half of what comes are intents that have ended.
      const limit = 2 * (page.limit - items.length) + 1;
      const rows = await store.newest(query, { before, limit });
      const intents = rows.filter(({ phase }) => phase === 'intent');
      const outcomes = await store.outcomesOf(
        query,
        intents.map(({ id }) => id),
      );
      const ended = new Set(
        outcomes.filter(row => marks.holds(row)).map(row => row.intent_id),
      );
      for (const row of rows) {
        if (items.length === page.limit) {
          return { items, next: before, ...cut };
        }
        before = row.seq;
        if (ended.has(row.id)) continue;
        items.push(marks.record(row));
      }
      if (rows.length < limit) return { items, ...cut };
    }
  }

  /** One record, with its intent if that is another one. */
  async record(
    id: string,
    visible: Visible,
  ): Promise<
    { record: LedgerRecord; intent?: LedgerRecord; prev: string } | undefined
  > {
    const db = await this.#database();
    const marks = await this.#marks(db);
    const row = await seenRow(db, id, visible);
    if (!row) return undefined;
    const record = marks.record(row);
    const before = record.intent && (await seenRow(db, record.intent, visible));
    const intent = before && marks.record(before);
    return { record, ...(intent && { intent }), prev: row.prev };
  }

  /**
   * What came after a place, in its order. Waits for something to come.
   *
   * @param options.after - without it, the answer comes at once and says where to begin
   * @returns `next`: up to where was looked, also if nothing was found; `cut` as for {@link search}
   */
  async tail(
    asked: RecordFilter,
    visible: Visible,
    options: {
      after?: number;
      limit: number;
      waitMs: number;
      signal: AbortSignal;
    },
  ): Promise<{ items: LedgerRecord[]; next: number; cut?: Suspicion }> {
    const db = await this.#database();
    const { keys } = (await this.#known(db)).known;
    const { limit, waitMs, signal } = options;
    const filter = normalFilter(asked);
    const cut = await this.#cut(db);
    const wait = cut ? Math.min(CUT_AGAIN_MS, waitMs) : waitMs;
    const end = this.#now().getTime() + wait;
    if (options.after === undefined) {
      return { items: [], next: await this.#last(db, keys), ...cut };
    }
    const marks = await this.#marks(db);
    let { after } = options;
    for (;;) {
      // Read before the records, so that none of them is passed over.
      const last = await this.#last(db, keys);
      if (last > after) {
        const rows = await new RecordSearchStore(db).oldest(
          { filter, visible, places: { to: last } },
          { after, limit },
        );
        const items = rows.map(row => marks.record(row));
        after = rows.length < limit ? last : rows[rows.length - 1].seq;
        if (items.length > 0) return { items, next: after, ...cut };
      } else if (last < after && !cut) {
        const found = await this.#cut(db);
        if (found) return { items: [], next: after, ...found };
      }
      const left = end - this.#now().getTime();
      if (left <= 0 || signal.aborted) {
        const found = cut ?? (await this.#cut(db));
        return { items: [], next: after, ...found };
      }
      await this.#head.next(Math.min(LOOK_MS, left), signal);
    }
  }

  /**
   * Up to where there is something to follow: what is sealed, and what stands right behind it, which is marked. What somebody put
   * further behind is not followed, or nothing that is sealed before it would be.
   */
  async #last(db: Knex, keys: LedgerKeys): Promise<number> {
    let last = (await lastSealed(db, keys))?.seq ?? 0;
    const store = new RecordStore(db);
    while (await store.at(last + 1)) last++;
    return last;
  }

  async #cut(db: Knex): Promise<{ cut: Suspicion } | undefined> {
    const found = await this.#verifier.cutTail(db, 'quickly');
    return found && { cut: { kind: found.kind, message: found.message } };
  }

  async #marks(db: Knex): Promise<RecordMarks> {
    const { chain, head, known } = await this.#known(db);
    const forged = await archiveProblem(db, known.keys, chain, head);
    if (forged) {
      throw new ConflictError(
        `Records may be hidden, so none are listed: the ledger does not verify. ${forged.message} See docs/runbooks/audit-chain-broken.md`,
      );
    }
    return new RecordMarks(known);
  }

  async #known(db: Knex) {
    const { chain = '', head } = (await new ChainStore(db).read()) ?? {};
    return { chain, head, known: await knownKeys(db, this.#keys, chain) };
  }
}

async function seenRow(
  db: Knex,
  id: string,
  visible: Visible,
): Promise<FoundRow | undefined> {
  const row = await new RecordStore(db).byId(id);
  if (!row) return undefined;
  const query = { filter: {}, visible };
  if (!(await new RecordSearchStore(db).has(query, id))) return undefined;
  return (await new RecordEnvironmentStore(db).with([row]))[0];
}
