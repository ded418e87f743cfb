import { GoodEnd } from './ChainPlace';
import { ChainCrypto, PublicKey } from './crypto';
import { ChainEnd } from './link';
import { ChainProblem } from './problem';
import {
  checkWitness,
  compareWitness,
  missingTail,
  Witness,
  witnessSeq,
} from './witness';
import { sortedWitnesses, WitnessSource } from './WitnessSource';

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

  constructor(options: HearingOptions, crypto: ChainCrypto) {
    this.#options = options;
    this.#crypto = crypto;
    this.#source = options.witnesses ?? sortedWitnesses([]);
    this.#last = options.start.seq;
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
      if (witness.kind === 'checkpoint') this.agreeing++;
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
