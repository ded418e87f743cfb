import { Witness, witnessSeq } from './witness';

/** Where witnesses come from, each once, by the place that they speak of. */
export interface WitnessSource {
  /** Those not given yet that speak of this place or one before */
  upTo(seq: number): Promise<Witness[]>;
  /** The next one, whatever place it speaks of; nothing if there is none left */
  next(): Promise<Witness | undefined>;
}

/** Gives witnesses from a list or a stream that is sorted by seq, holding one at a time. */
export function sortedWitnesses(
  witnesses: AsyncIterable<Witness> | Iterable<Witness>,
): WitnessSource {
  const source =
    Symbol.asyncIterator in witnesses
      ? witnesses[Symbol.asyncIterator]()
      : witnesses[Symbol.iterator]();
  let waiting: Witness | undefined;
  let ended = false;
  const peek = async () => {
    if (!waiting && !ended) {
      const step = await source.next();
      if (step.done) ended = true;
      else waiting = step.value;
    }
    return waiting;
  };
  return {
    async upTo(seq) {
      const found: Witness[] = [];
      for (
        let witness = await peek();
        witness && witnessSeq(witness) <= seq;
        witness = await peek()
      ) {
        found.push(witness);
        waiting = undefined;
      }
      return found;
    },
    async next() {
      const witness = await peek();
      waiting = undefined;
      return witness;
    },
  };
}

/** Those of a source that speak of a place up to this one. */
export function witnessesUpTo(
  to: number,
  source: WitnessSource,
): WitnessSource {
  return {
    upTo: seq => source.upTo(Math.min(seq, to)),
    async next() {
      const witness = await source.next();
      return witness && witnessSeq(witness) <= to ? witness : undefined;
    },
  };
}
