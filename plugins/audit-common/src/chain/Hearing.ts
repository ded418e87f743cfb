import { GoodEnd } from './ChainPlace';
import { ChainCrypto, PublicKey } from './crypto';
import { ChainEnd } from './link';
import { ChainProblem } from './problem';
import { Checkpoint } from './signed';
import {
  checkWitness,
  compareWitness,
  missingTail,
  Witness,
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
