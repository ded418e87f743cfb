import {
  ChainEnd,
  Checkpoint,
  KeyChange,
  namedKey,
  sortedWitnesses,
  Witness,
  WitnessSource,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { CheckpointStore } from '../database/CheckpointStore';
import { nodeCrypto } from '../keys/nodeCrypto';

const BATCH = 500;

/** What a checkpoint says that is kept somewhere. */
export function checkpointWitness(
  checkpoint: Checkpoint,
  source: string,
): Witness {
  return { kind: 'checkpoint', checkpoint, source };
}

/**
 * What is remembered of the end of the chain besides: by the ledger itself, by this process, and by each key that took over
 * from another, of where it began.
 *
 * @param changes - those that are signed
 */
export function headWitnesses(
  noted: ChainEnd | undefined,
  seen: ChainEnd | undefined,
  changes: KeyChange[],
): Array<Extract<Witness, { kind: 'head' }>> {
  return [
    noted && { ...noted, source: 'what the ledger noted of its end' },
    seen && { ...seen, source: 'what this process has seen' },
    ...changes.map(({ seq, hash, at, retired }) => ({
      ...{ seq, hash, source: `the change of keys signed at ${at}` },
      retires: namedKey(retired, nodeCrypto).id,
    })),
  ].flatMap(head => (head ? [{ kind: 'head' as const, ...head }] : []));
}

/** The checkpoints in the database from one place to another. */
export function ledgerWitnesses(
  db: Knex,
  from: number,
  to: number,
): WitnessSource {
  async function* read(): AsyncGenerator<Witness> {
    const store = new CheckpointStore(db);
    let next = from;
    for (;;) {
      const batch = await store.from(next, BATCH);
      for (const checkpoint of batch) {
        if (checkpoint.seq > to) return;
        yield checkpointWitness(checkpoint, 'the database');
      }
      if (batch.length < BATCH) return;
      next = batch[batch.length - 1].seq + 1;
    }
  }
  return sortedWitnesses(read());
}

/** Asks several sources as one. */
export function together(sources: WitnessSource[]): WitnessSource {
  return {
    async upTo(seq) {
      const found: Witness[] = [];
      for (const source of sources) found.push(...(await source.upTo(seq)));
      return found;
    },
    async next() {
      for (const source of sources) {
        const witness = await source.next();
        if (witness) return witness;
      }
      return undefined;
    },
  };
}
