import { ChainPlace, digestOf, GoodEnd, nameOf } from './ChainPlace';
import { checkPlace } from './checkPlace';
import { ChainCrypto, portableCrypto, PublicKey } from './crypto';
import { diagnose } from './diagnose';
import { Hearing, SignedBy, Unproven } from './Hearing';
import { ChainEnd, linkHash } from './link';
import { ChainProblem, problem } from './problem';
import { WitnessSource } from './WitnessSource';

export interface VerifyOptions {
  /** Id of the chain */
  chain: string;
  /** Where it goes on from, believed as it is: the beginning, a signed archive, or a signed checkpoint */
  start: ChainEnd;
  keys: PublicKey[];
  /** One that speaks of a place before the start only has its signature checked */
  witnesses?: WitnessSource;
  /**
   * The highest number that the ledger itself is known to have given, where that is known. What lies behind it and was
   * not sealed was added by somebody else.
   */
  sealedUpTo?: number;
  /** There is more behind what is given, so that a witness of more is no cut tail */
  partial?: boolean;
  crypto?: ChainCrypto;
}

export type ChainVerdict = {
  /** How many records were found good */
  checked: number;
  /** How many signed checkpoints were found to agree */
  checkpoints: number;
  /** Which keys signed those */
  signedBy: SignedBy[];
  /** What only the change of keys speaks for; missing where there is none */
  unproven?: Unproven[];
  /** The last good place */
  head: ChainEnd;
} & ({ ok: true } | { ok: false; problem: ChainProblem });

/**
 * Verifies a chain and names the first thing that is wrong with it.
 *
 * @param places - in the order in which they are kept
 */
export async function verifyChain(
  places: AsyncIterable<ChainPlace> | Iterable<ChainPlace>,
  options: VerifyOptions,
): Promise<ChainVerdict> {
  const { crypto = portableCrypto, start } = options;
  const rest = iterate(places);
  const witnesses = new Hearing(options, crypto);
  let checked = 0;
  let end: GoodEnd = start;
  const bad = (found: ChainProblem): ChainVerdict => ({
    ok: false,
    problem: found,
    checked,
    checkpoints: witnesses.agreeing,
    signedBy: witnesses.signedBy,
    head: { seq: end.seq, hash: end.hash },
  });

  const early = await witnesses.upTo(end);
  if (early) return bad(early);
  for (let step = await rest.next(); !step.done; step = await rest.next()) {
    const place = step.value;
    const follows =
      place.seq === end.seq + 1 &&
      place.prev === end.hash &&
      linkHash(end.hash, place.seq, digestOf(place, crypto), crypto) ===
        place.hash;
    if (!follows) {
      const added = addedBehind(place, end, options.sealedUpTo);
      return bad(added ?? (await diagnose(end, place, rest, crypto)));
    }
    const unlike = checkPlace(place, options.sealedUpTo);
    if (unlike) return bad(unlike);
    end = { seq: place.seq, hash: place.hash, place };
    witnesses.await(place);
    const contradicted = await witnesses.upTo(end);
    if (contradicted) return bad(contradicted);
    checked++;
  }
  const beyond = options.partial ? undefined : await witnesses.beyond(end);
  if (beyond) return bad(beyond);
  const unheard = witnesses.unheard();
  if (unheard) return bad(unheard);
  const { unproven } = witnesses;
  return {
    ok: true,
    checked,
    ...(unproven.length > 0 && { unproven }),
    checkpoints: witnesses.agreeing,
    signedBy: witnesses.signedBy,
    head: { seq: end.seq, hash: end.hash },
  };
}

/** A place beyond all that the ledger has given: nothing is missing before it. */
function addedBehind(
  place: ChainPlace,
  end: GoodEnd,
  sealedUpTo: number | undefined,
): ChainProblem | undefined {
  if (sealedUpTo === undefined || end.seq < sealedUpTo) return undefined;
  if (place.seq <= end.seq + 1) return undefined;
  return problem(
    'inserted',
    nameOf(place),
    `was inserted: the ledger has sealed none behind record ${sealedUpTo}.`,
  );
}

async function* iterate<T>(
  items: AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<T, undefined> {
  yield* items;
  return undefined;
}
