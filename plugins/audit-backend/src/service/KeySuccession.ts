import { LoggerService } from '@backstage/backend-plugin-api';
import {
  archiveText,
  ChainEnd,
  checkpointText,
  isSignedBy,
  KeyChange,
  keyChangeText,
  PublicKey,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { KeyChangeStore } from '../database/KeyChangeStore';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { SealRenewalStore } from '../database/SealRenewalStore';
import { KnownKeys, knownKeys } from '../keys/knownKeys';
import { keyIdOf, LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { lastSignedCheckpoint } from '../keys/signedCheckpoints';
import { isSealedThere } from './sealedRows';

/**
 * What a key that was lost may have sealed behind its last checkpoint: about what comes between two of them. More than
 * that is not its work, or nobody could tell.
 */
const MOST_UNPROVEN = 2_000;

/** Up to where a key worked. */
interface Trace extends ChainEnd {
  key: PublicKey;
}

/**
 * Notes, when a process begins to seal, that its key follows another one: up to where that one sealed, so that nothing of
 * it counts behind that.
 */
export class KeySuccession {
  readonly #keys: LedgerKeys;
  readonly #now: () => Date;
  readonly #logger: LoggerService;

  constructor(options: {
    keys: LedgerKeys;
    now: () => Date;
    logger: LoggerService;
  }) {
    this.#keys = options.keys;
    this.#now = options.now;
    this.#logger = options.logger;
  }

  /** To be called in a transaction of the one who seals, before it seals anything. */
  async takeOver(tx: Knex): Promise<void> {
    const state = await new ChainStore(tx).read();
    if (!state) return;
    const known = await knownKeys(tx, this.#keys, state.chain);
    for (const trace of await this.#traces(tx, state, known)) {
      await this.#note(tx, state.chain, trace);
    }
  }

  /** Up to where other keys worked, as far as it can be told; the furthest first. */
  async #traces(
    tx: Knex,
    { chain, head }: { chain: string; head: ChainEnd },
    { keys, changes }: KnownKeys,
  ): Promise<Trace[]> {
    const traces: Trace[] = [];
    const found = (keyId: string, { seq, hash }: ChainEnd) => {
      const key = keys.known.find(({ id }) => id === keyId);
      if (key && keyId !== keys.current.id) traces.push({ key, seq, hash });
    };
    const records = new RecordStore(tx);
    const isRight = (row: RecordRow) => isSealedThere(row, keys);
    const row = await records.at(head.seq);
    if (row?.hash === head.hash && isRight(row)) found(keyIdOf(row.seal), head);
    // A process that was not given the current key yet may have sealed between others.
    for (const { id, publicKey } of keys.known) {
      if (id === keys.current.id || !keys.canCheck(id)) continue;
      const noted = changes.filter(one => one.retired === publicKey);
      const after = Math.max(0, ...noted.map(({ seq }) => seq));
      const last = await records.lastThat(isRight, { after, keyId: id });
      if (last) found(id, last);
    }
    const checkpoint = await lastSignedCheckpoint(tx, {
      ...{ keys: keys.known.map(withoutEnd), chain },
    });
    if (checkpoint) found(checkpoint.keyId, checkpoint);
    const archive = await new ArchiveStore(tx).last();
    const isArchived =
      archive &&
      isSignedBy(keys.known, archive, archiveText(archive), nodeCrypto);
    if (isArchived) found(archive.keyId, { ...archive, seq: archive.to });
    return traces;
  }

  async #note(tx: Knex, chain: string, trace: Trace): Promise<void> {
    const { key, seq } = trace;
    const { current } = this.#keys;
    const { changes } = await knownKeys(tx, this.#keys, chain);
    const before = changes.find(
      one =>
        one.retired === key.publicKey && one.successor === current.publicKey,
    );
    if (before && before.seq >= seq) return;
    const isWhole = this.#keys.canCheck(key.id);
    const ended = before?.seq ?? key.upTo;
    // Whoever followed it, at whatever time: it may have been stolen since.
    if (ended !== undefined && !isWhole) {
      if (ended >= seq) return;
      this.#logger.error(
        `Record ${seq} of the audit ledger bears the key ${key.id}, which ended with record ${ended}: a process still sealed with it, or somebody forged that. Nothing of it counts. See docs/runbooks/audit-signing-key.md`,
      );
      return;
    }
    if (before && (await this.#isContradicted(tx, before.seq))) {
      this.#logger.error(
        `Records of the audit ledger up to ${seq} bear the key ${key.id}, which ended with record ${before.seq}, but are not what the key ${current.id} signed since. Their seals are not renewed. See docs/runbooks/audit-chain-broken.md`,
      );
      return;
    }
    const change = await this.#sign(tx, chain, trace, isWhole);
    await new KeyChangeStore(tx).put(change);
    if (this.#hasHandedOver(changes, key)) {
      // It has put its own seals in place of those of the current one, which are to be renewed a second time.
      await new SealRenewalStore(tx).remove(current.id);
    }
    this.#logger.info(
      `The audit ledger is signed with the key ${current.id} from record ${
        change.seq + 1
      } on; up to there it was ${key.id}.`,
    );
  }

  /** Whether what stands behind a place now is not what the current key has signed there. */
  async #isContradicted(tx: Knex, after: number): Promise<boolean> {
    const { current } = this.#keys;
    const checkpoints = new CheckpointStore(tx);
    for (let next = after + 1; ; ) {
      const checkpoint = await checkpoints.nextBy(current.id, next);
      if (!checkpoint) return false;
      const text = checkpointText(checkpoint);
      const row = await new RecordStore(tx).at(checkpoint.seq);
      const isMine = isSignedBy([current], checkpoint, text, nodeCrypto);
      if (isMine && row && row.hash !== checkpoint.hash) return true;
      next = checkpoint.seq + 1;
    }
  }

  /** Whether the current key signed before that this other one follows it. */
  #hasHandedOver(changes: KeyChange[], { publicKey }: PublicKey): boolean {
    const { current } = this.#keys;
    return changes.some(
      ({ handover, ...change }) =>
        change.retired === current.publicKey &&
        change.successor === publicKey &&
        handover !== undefined &&
        nodeCrypto.verify(current.publicKey, keyChangeText(change), handover),
    );
  }

  async #sign(
    tx: Knex,
    chain: string,
    trace: Trace,
    isWhole: boolean,
  ): Promise<KeyChange> {
    const { key } = trace;
    const proven = isWhole
      ? trace
      : await provenUpTo(tx, { chain, trace, keys: this.#keys });
    const unproven = trace.seq - proven.seq;
    const isBelieved = isWhole || (proven.seq > 0 && unproven <= MOST_UNPROVEN);
    if (unproven > 0) {
      this.#logger.error(
        `Records ${proven.seq + 1} to ${
          trace.seq
        } of the audit ledger bear seals of the key ${
          key.id
        }, of which only the public half is known, and no checkpoint speaks for them: they stay marked as not proven. See docs/runbooks/audit-signing-key.md`,
      );
    }
    const { seq, hash } = isBelieved ? trace : proven;
    const content = {
      ...{ chain, seq, hash, at: this.#now().toISOString() },
      ...{ retired: key.publicKey, successor: this.#keys.current.publicKey },
      proven: proven.seq,
    };
    const text = keyChangeText(content);
    const handover = this.#keys.signAsPrevious(key.publicKey, text);
    const { signature } = this.#keys.sign(text);
    return { ...content, signature, ...(handover && { handover }) };
  }
}

/** A key by which what it signed is read, whether it counts there or not. */
function withoutEnd({ id, publicKey }: PublicKey): PublicKey {
  return { id, publicKey };
}

/** Up to where checkpoints or archives by a key speak for what it sealed. */
async function provenUpTo(
  tx: Knex,
  about: { chain: string; trace: Trace; keys: LedgerKeys },
): Promise<ChainEnd> {
  const { chain, trace } = about;
  const keys = [{ id: trace.key.id, publicKey: trace.key.publicKey }];
  const checkpoint = await lastSignedCheckpoint(tx, { keys, chain });
  if (checkpoint && checkpoint.seq <= trace.seq) return checkpoint;
  const archive = await new ArchiveStore(tx).last();
  return archive && isSignedBy(keys, archive, archiveText(archive), nodeCrypto)
    ? { seq: archive.to, hash: archive.hash }
    : { seq: 0, hash: chain };
}
