import { ChainPlace, digestOf, GoodEnd, nameOf, nameOfEnd } from './ChainPlace';
import { ChainCrypto } from './crypto';
import { linkHash } from './link';
import { ChainProblem, problem } from './problem';

/** How far from its place a record is looked for. */
const WINDOW = 10_000;

/**
 * Finds out what was done where a place does not follow from the one before.
 *
 * @param end - the last good place
 * @param place - the first that does not follow
 * @param rest - what comes behind it; read only as far as needed
 */
export async function diagnose(
  end: GoodEnd,
  place: ChainPlace,
  rest: AsyncIterator<ChainPlace>,
  crypto: ChainCrypto,
): Promise<ChainProblem> {
  const expected = end.seq + 1;
  if (place.seq !== expected) return diagnoseGap(expected, place, rest);

  const digest = digestOf(place, crypto);
  const name = nameOf(place);
  if (linkHash(end.hash, expected, digest, crypto) === place.hash) {
    return problem(
      'columns differ',
      name,
      'has another hash in the column "prev" than the record before it.',
    );
  }

  const next = (await rest.next()).value;
  if (
    next &&
    linkHash(end.hash, expected, digestOf(next, crypto), crypto) === next.hash
  ) {
    return problem(
      'inserted',
      name,
      'was inserted: the record behind it was sealed at this place.',
    );
  }

  if (linkHash(place.prev, expected, digest, crypto) === place.hash) {
    return end.seq === 0
      ? problem('recomputed', name, 'does not begin the chain of this ledger.')
      : problem(
          'changed',
          nameOfEnd(end),
          'was changed, and its hash computed again: the record behind it was sealed on another one.',
        );
  }

  const sealedAt = originalPlace(place, digest, crypto);
  if (sealedAt !== undefined) {
    const isThere = await includesHash(place.prev, next, rest);
    return isThere
      ? problem(
          'reordered',
          name,
          `stands at the wrong place: it was sealed as record ${sealedAt}.`,
        )
      : problem(
          'removed',
          { seq: expected },
          `was removed, and those behind it were numbered again: what stands there now was sealed as record ${sealedAt}.`,
        );
  }
  return problem(
    'changed',
    name,
    'was changed: it is not what was sealed at this place.',
  );
}

async function diagnoseGap(
  expected: number,
  place: ChainPlace,
  rest: AsyncIterator<ChainPlace>,
): Promise<ChainProblem> {
  if (place.seq < expected) {
    return problem(
      'reordered',
      nameOf(place),
      `stands behind record ${expected - 1}, or a second time.`,
    );
  }
  for (
    let step = await rest.next();
    !step.done && step.value;
    step = await rest.next()
  ) {
    if (step.value.seq === expected) {
      return problem(
        'reordered',
        nameOf(step.value),
        `stands behind record ${place.seq}.`,
      );
    }
  }
  const { id, at } = nameOf(place);
  const next = `the next one there is ${place.seq} (${[id, at && `of ${at}`]
    .filter(Boolean)
    .join(' ')})`;
  return problem(
    'removed',
    { seq: expected },
    place.seq === expected + 1
      ? `was removed: ${next}.`
      : `and those up to ${place.seq - 1} were removed: ${next}.`,
  );
}

/** The place at which a record was sealed, if it is near. */
function originalPlace(
  place: ChainPlace,
  digest: string,
  crypto: ChainCrypto,
): number | undefined {
  for (let distance = 1; distance <= WINDOW; distance++) {
    for (const seq of [place.seq + distance, place.seq - distance]) {
      if (seq < 1) continue;
      if (linkHash(place.prev, seq, digest, crypto) === place.hash) return seq;
    }
  }
  return undefined;
}

async function includesHash(
  hash: string,
  next: ChainPlace | undefined,
  rest: AsyncIterator<ChainPlace>,
): Promise<boolean> {
  let place = next;
  while (place) {
    if (place.hash === hash) return true;
    place = (await rest.next()).value;
  }
  return false;
}
