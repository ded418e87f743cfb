import { LoggerService } from '@backstage/backend-plugin-api';
import { linkHash } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { SealRenewalStore } from '../database/SealRenewalStore';
import { KnownKeys, knownKeys } from '../keys/knownKeys';
import { keyIdOf, LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { isSignedCheckpoint } from '../keys/signedCheckpoints';
import { signRenewal } from '../keys/sealRenewal';
import { readRecords } from './ledgerPlaces';

const LOOKED_AT_ONCE = 2_000;
const RENEWED_AT_ONCE = 500;

/** What one piece of the work did. */
interface Renewed {
  renewed: number;
  /** Up to where; nothing if it cannot go on, `look` if {@link SealRenewer.lookThrough} comes first */
  upTo?: number | 'look';
}

/**
 * Puts the seal of the current key in place of those of earlier ones that are right, some at a time, and signs up to where
 * that was done. What is not right is left, for verifying to find.
 */
export class SealRenewer {
  readonly #keys: LedgerKeys;
  readonly #now: () => Date;
  readonly #logger: LoggerService;
  /** What the hashes at checkpoints are in the chain that leads to what the current key took over */
  #agreed: Map<number, string> | undefined;

  constructor(options: {
    keys: LedgerKeys;
    now: () => Date;
    logger: LoggerService;
  }) {
    this.#keys = options.keys;
    this.#now = options.now;
    this.#logger = options.logger;
  }

  /**
   * Renews some. To be called in a transaction of the one who seals.
   *
   * @returns whether there is more to do, or what comes before that
   */
  async renewSome(tx: Knex): Promise<boolean | 'look'> {
    const more = await this.#renewSome(tx);
    if (!more) this.#agreed = undefined;
    return more;
  }

  async #renewSome(tx: Knex): Promise<boolean | 'look'> {
    const state = await new ChainStore(tx).read();
    if (!state) return false;
    const { chain } = state;
    const known = await knownKeys(tx, this.#keys, chain);
    const target = renewalTarget(known);
    if (known.renewedUpTo >= target) return false;
    const { renewed, upTo } = await this.#renewAfter(tx, known, target);
    if (upTo === undefined) return false;
    if (upTo === 'look') return upTo;
    const at = this.#now().toISOString();
    const signed = signRenewal(this.#keys, { chain, seq: upTo, at });
    await new SealRenewalStore(tx).put(signed);
    if (upTo < target) return true;
    this.#logger.info(
      `All seals of earlier keys in the audit ledger, up to record ${target}, were renewed (${renewed} of them just now): once no process has an earlier key any more, platform.audit.previousKeys is needed no longer.`,
    );
    return false;
  }

  /**
   * Reads all that is not renewed, up to where the current key took over, so that what an earlier key signed is only
   * believed where it leads there: that key may have been stolen since.
   */
  async lookThrough(db: Knex): Promise<void> {
    const agreed = new Map<number, string>();
    this.#agreed = agreed;
    const state = await new ChainStore(db).read();
    if (!state) return;
    const known = await knownKeys(db, this.#keys, state.chain);
    const target = renewalTarget(known);
    const end = known.changes.find(
      ({ seq, successor }) =>
        seq === target && successor === known.keys.current.publicKey,
    );
    const { id } = known.keys.current;
    const places = await new CheckpointStore(db).placesNotBy(id);
    let next = known.renewedUpTo + 1;
    let hash: string | undefined;
    for await (const { seq, prev, body } of readRecords(db, next, target)) {
      // What was archived is not there.
      if (hash === undefined) next = seq;
      if (seq !== next) break;
      const digest = nodeCrypto.sha256(body);
      hash = linkHash(hash ?? prev, next++, digest, nodeCrypto);
      if (places.has(seq)) agreed.set(seq, hash);
    }
    if (next !== target + 1 || hash !== end?.hash) agreed.clear();
  }

  async #renewAfter(
    tx: Knex,
    known: KnownKeys,
    target: number,
  ): Promise<Renewed> {
    const store = new RecordStore(tx);
    const rows = (
      await store.from(known.renewedUpTo + 1, LOOKED_AT_ONCE)
    ).filter(({ seq }) => seq <= target);
    let renewed = 0;
    let upTo = known.renewedUpTo;
    for (const row of rows) {
      if (renewed >= RENEWED_AT_ONCE) return { renewed, upTo };
      const verdict = this.#check(row, known);
      if (verdict === 'unknown' && isProven(row, known)) {
        return renewed > 0 || upTo > known.renewedUpTo
          ? { renewed, upTo }
          : this.#adopt(tx, row, known);
      }
      if (verdict === 'valid' && (await this.#reseal(store, row))) renewed++;
      upTo = row.seq;
    }
    return { renewed, upTo: rows.length < LOOKED_AT_ONCE ? target : upTo };
  }

  /**
   * Seals what nobody can check by its seals, on the word of the checkpoint that the key of those seals signed: if the
   * records up to there lead to what it signed, and on to what the current key took over, they are what was sealed.
   */
  async #adopt(tx: Knex, first: RecordRow, known: KnownKeys): Promise<Renewed> {
    if (!this.#agreed) return { renewed: 0, upTo: 'look' };
    const keyId = keyIdOf(first.seal);
    const checkpoint = await new CheckpointStore(tx).nextBy(keyId, first.seq);
    const signers = { keys: known.keys.known };
    if (!checkpoint || !isSignedCheckpoint(checkpoint, signers)) {
      return this.#stall(
        `no checkpoint by the key ${keyId} speaks for record ${first.seq}`,
      );
    }
    const { seq: to } = checkpoint;
    let { prev } = first;
    let expected = first.seq;
    for await (const { body } of readRecords(tx, first.seq, to)) {
      const digest = nodeCrypto.sha256(body);
      prev = linkHash(prev, expected++, digest, nodeCrypto);
    }
    const agrees = this.#agreed.get(to) === checkpoint.hash;
    if (expected !== to + 1 || prev !== checkpoint.hash || !agrees) {
      return this.#stall(
        `records ${first.seq} to ${to} are not what the checkpoint of ${checkpoint.at} signed, or what follows them does not lead to what the current key took over`,
      );
    }
    const store = new RecordStore(tx);
    let renewed = 0;
    for await (const row of readRecords(tx, first.seq, to)) {
      const isRight = this.#check(row, known) !== 'invalid';
      if (isRight && (await this.#reseal(store, row))) renewed++;
    }
    return { renewed, upTo: to };
  }

  #check({ hash, sealed_at, seal }: RecordRow, { keys }: KnownKeys) {
    return keys.checkPlace(hash, sealed_at, seal);
  }

  async #reseal(store: RecordStore, row: RecordRow): Promise<boolean> {
    const { seq, hash, sealed_at, seal: from } = row;
    if (keyIdOf(from) === this.#keys.current.id) return false;
    const to = this.#keys.markPlace(hash, sealed_at);
    await store.reseal(seq, { from, to });
    return true;
  }

  #stall(why: string): Renewed {
    this.#logger.error(
      `Seals of an earlier key in the audit ledger cannot be renewed: ${why}. See docs/runbooks/audit-chain-broken.md`,
    );
    return { renewed: 0 };
  }
}

/** Up to where seals of earlier keys are to be renewed by the current one. */
export function renewalTarget({ keys, changes }: KnownKeys): number {
  const { publicKey } = keys.current;
  return Math.max(
    0,
    ...changes.flatMap(one => (one.successor === publicKey ? [one.seq] : [])),
  );
}

/** Whether the key of a seal is known to have sealed up to there. */
function isProven({ seq, seal }: RecordRow, known: KnownKeys): boolean {
  const key = known.keys.known.find(({ id }) => id === keyIdOf(seal));
  return known.changes.some(
    ({ retired, proven, seq: upTo }) =>
      retired === key?.publicKey && seq <= (proven ?? upTo),
  );
}
