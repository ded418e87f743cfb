import { ChainPlace, GoodEnd } from './ChainPlace';
import { unproven } from './checkPlace';
import { ChainCrypto, PublicKey } from './crypto';
import { ChainEnd } from './link';
import { ChainProblem } from './problem';
import { Checkpoint } from './signed';
import {
  checkWitness,
  compareWitness,
  missingTail,
  Witness,
  witnessHash,
  witnessSeq,
} from './witness';
import { sortedWitnesses, WitnessSource } from './WitnessSource';

/** A key that signed checkpoints which agree. */
export interface SignedBy {
  keyId: string;
  /** First and last place that it signed */
  from: number;
  to: number;
  checkpoints: number;
}

/** Records that only bear seals which nobody can check any more, and that no checkpoint of their time speaks for. */
export interface Unproven {
  /** The earlier key whose seals they bear */
  keyId: string;
  from: number;
  /** Up to where that key sealed, as the one after it noted */
  to: number;
}

/** Whom to ask, and what to believe. */
export interface HearingOptions {
  /** Id of the chain */
  chain: string;
  start: ChainEnd;
  keys: PublicKey[];
  witnesses?: WitnessSource;
}

/** Asks the witnesses beside the chain. */
export class Hearing {
  readonly #source: WitnessSource;
  readonly #options: HearingOptions;
  readonly #crypto: ChainCrypto;
  #last: number;
  agreeing = 0;
  readonly #signed = new Map<string, SignedBy>();
  /** By the key whose word is waited for: the first place that waits for it */
  readonly #awaited = new Map<string, ChainPlace>();
  readonly #unproven = new Map<string, Unproven>();

  constructor(options: HearingOptions, crypto: ChainCrypto) {
    this.#options = options;
    this.#crypto = crypto;
    this.#source = options.witnesses ?? sortedWitnesses([]);
    this.#last = options.start.seq;
  }

  /** Which keys have signed the checkpoints that agree, in their order. */
  get signedBy(): SignedBy[] {
    return [...this.#signed.values()];
  }

  #count({ keyId, seq }: Checkpoint): void {
    this.agreeing++;
    const known = this.#signed.get(keyId) ?? {
      ...{ keyId, from: seq, checkpoints: 0 },
    };
    this.#signed.set(keyId, {
      ...{ ...known, to: seq, checkpoints: known.checkpoints + 1 },
    });
  }

  /** What nothing but the change of keys speaks for. */
  get unproven(): Unproven[] {
    return [...this.#unproven.values()];
  }

  /** A place whose seal can't be checked waits for a checkpoint by the key of that seal, there or behind it. */
  await(place: ChainPlace): void {
    const { awaits } = place;
    if (awaits !== undefined && !this.#awaited.has(awaits)) {
      this.#awaited.set(awaits, place);
    }
  }

  /** The first place that nothing was heard of. To be asked at the end. */
  unheard(): ChainProblem | undefined {
    const [first] = [...this.#awaited].sort(([, a], [, b]) => a.seq - b.seq);
    return first && unproven(first[1], first[0]);
  }

  #settle(witness: Witness, end: GoodEnd): void {
    if (witnessSeq(witness) !== end.seq || witnessHash(witness) !== end.hash) {
      return;
    }
    if (witness.kind === 'checkpoint') {
      const { keyId } = witness.checkpoint;
      this.#awaited.delete(keyId);
      this.#unproven.delete(keyId);
      return;
    }
    const { retires: keyId } = witness;
    const first = keyId !== undefined && this.#awaited.get(keyId);
    if (!first) return;
    this.#awaited.delete(keyId);
    this.#unproven.set(keyId, { keyId, from: first.seq, to: end.seq });
  }

  /** Asks all that speak of a place up to this one. */
  async upTo(end: GoodEnd): Promise<ChainProblem | undefined> {
    for (const witness of await this.#source.upTo(end.seq)) {
      const seq = witnessSeq(witness);
      const found =
        this.#check(witness) ??
        (seq === end.seq
          ? compareWitness(witness, end, this.#last)
          : undefined);
      if (found) return found;
      this.#settle(witness, end);
      this.#last = Math.max(this.#last, seq);
      if (witness.kind === 'checkpoint') this.#count(witness.checkpoint);
    }
    return undefined;
  }

  /** Asks the first that speaks of a place behind the end. */
  async beyond(end: ChainEnd): Promise<ChainProblem | undefined> {
    const witness = await this.#source.next();
    if (!witness) return undefined;
    return this.#check(witness) ?? missingTail(witness, end);
  }

  #check(witness: Witness): ChainProblem | undefined {
    const { chain, keys } = this.#options;
    return checkWitness(witness, { chain, keys, crypto: this.#crypto });
  }
}
