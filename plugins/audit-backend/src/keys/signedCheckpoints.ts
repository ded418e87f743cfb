import {
  Checkpoint,
  checkpointText,
  isSignedBy,
  PublicKey,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { CheckpointStore } from '../database/CheckpointStore';
import { nodeCrypto } from './nodeCrypto';

/** Whose word counts, and for which chain. */
export interface CheckpointSigners {
  keys: PublicKey[];
  /** Any, where it is not given */
  chain?: string;
}

/** Whether a row that is kept as a checkpoint is one: whoever writes to the database can put any row there. */
export function isSignedCheckpoint(
  checkpoint: Checkpoint,
  { keys, chain }: CheckpointSigners,
): boolean {
  const text = checkpointText(checkpoint);
  const { seq } = checkpoint;
  return (
    (chain === undefined || checkpoint.chain === chain) &&
    isSignedBy(keys, checkpoint, text, nodeCrypto, seq)
  );
}

/**
 * The last checkpoint in the database that was signed. What nobody signed is passed over, so that a row that was planted keeps no
 * true one from being seen or made.
 */
export function lastSignedCheckpoint(
  db: Knex,
  signers: CheckpointSigners,
): Promise<Checkpoint | undefined> {
  return new CheckpointStore(db).lastThat(checkpoint =>
    isSignedCheckpoint(checkpoint, signers),
  );
}
