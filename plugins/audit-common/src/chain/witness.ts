import { GoodEnd, nameOfEnd } from './ChainPlace';
import { ChainCrypto, isSignedBy, PublicKey } from './crypto';
import { ChainEnd } from './link';
import { ChainProblem, problem } from './problem';
import { Checkpoint, checkpointText } from './signed';

/** Something that says what the hash at a place was. */
export type Witness =
  | {
      kind: 'checkpoint';
      checkpoint: Checkpoint;
      /** Where it is kept, such as "the database" or "outside of the database"; said in parentheses */
      source: string;
    }
  | {
      kind: 'head';
      seq: number;
      hash: string;
      /** Who says so, such as "the sealer" */
      source: string;
      /** Id of the key that sealed up to there and no further, where a change of keys says so */
      retires?: string;
    };

export function witnessSeq(witness: Witness): number {
  return witness.kind === 'head' ? witness.seq : witness.checkpoint.seq;
}

export function witnessHash(witness: Witness): string {
  return witness.kind === 'head' ? witness.hash : witness.checkpoint.hash;
}

/** Says whether a witness itself can be believed. */
export function checkWitness(
  witness: Witness,
  options: { chain: string; keys: PublicKey[]; crypto: ChainCrypto },
): ChainProblem | undefined {
  if (witness.kind === 'head') return undefined;
  const { checkpoint, source } = witness;
  const { seq, at, keyId } = checkpoint;
  const { keys, crypto, chain } = options;
  const text = checkpointText(checkpoint);
  if (!isSignedBy(keys, checkpoint, text, crypto, seq)) {
    const ended = keys.find(({ id }) => id === keyId)?.upTo;
    return problem(
      'checkpoint forged',
      { seq },
      ended !== undefined && ended < seq
        ? `has a checkpoint of ${at} (${source}) by the key ${keyId}, which counts no further than to record ${ended}: another key signs since then.`
        : `has a checkpoint of ${at} (${source}) that none of the known keys has signed.`,
    );
  }
  if (checkpoint.chain !== chain) {
    return problem(
      'recomputed',
      { seq },
      `belongs to another chain than the checkpoint of ${at} (${source}): the whole chain was replaced.`,
    );
  }
  return undefined;
}

/** Compares what a witness says with the place that it speaks of. */
export function compareWitness(
  witness: Witness,
  end: GoodEnd,
  lastWitnessed: number,
): ChainProblem | undefined {
  if (witnessHash(witness) === end.hash) return undefined;
  return problem(
    'recomputed',
    nameOfEnd(end),
    `is not what it was according to ${describe(
      witness,
    )}: something between ${Math.min(lastWitnessed + 1, end.seq)} and ${
      end.seq
    } was changed, and the chain was computed again from there.`,
  );
}

/** What it means that a witness speaks of a place behind the end. */
export function missingTail(witness: Witness, end: ChainEnd): ChainProblem {
  const seq = witnessSeq(witness);
  const missing =
    seq === end.seq + 1
      ? 'is missing'
      : `and all that follow up to ${seq} are missing`;
  return problem(
    'cut tail',
    { seq: end.seq + 1 },
    `${missing}: according to ${describe(witness)} there were ${seq} records.`,
  );
}

function describe(witness: Witness): string {
  return witness.kind === 'head'
    ? witness.source
    : `the checkpoint signed at ${witness.checkpoint.at} (${witness.source})`;
}
