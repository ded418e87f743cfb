import { differingColumns } from '../record/columns';
import { ChainPlace, digestOf, nameOf } from './ChainPlace';
import { ChainCrypto } from './crypto';
import { linkHash } from './link';
import { ChainProblem, problem } from './problem';

/**
 * Checks what a place says beside the chain.
 *
 * @param sealedUpTo - the highest number that the ledger itself is known to have given, where that is known
 */
export function checkPlace(
  place: ChainPlace,
  sealedUpTo: number | undefined,
): ChainProblem | undefined {
  if (place.outdated !== undefined) return outdated(place, place.outdated);
  if (place.sealed === false && place.awaits === undefined) {
    return sealedUpTo !== undefined && place.seq > sealedUpTo
      ? problem(
          'inserted',
          nameOf(place),
          'was inserted: its hash is right, but the ledger did not seal it.',
        )
      : problem(
          'recomputed',
          nameOf(place),
          'fits its neighbours, but not the seal of the ledger: it was changed, inserted or moved, or something before it was removed, and the hashes were computed again.',
        );
  }
  const { columns, content, environments } = place;
  if (!columns || !('body' in content)) return undefined;
  const found = differingColumns(columns, content.body, environments);
  if (!found) {
    return problem('changed', nameOf(place), 'has a body that cannot be read.');
  }
  const differing = [...found, ...(place.misfits ?? [])];
  if (differing.length === 0) return undefined;
  return problem(
    'columns differ',
    nameOf({ ...place, columns: undefined }),
    `was changed where it is searched by (${differing.join(
      ', ',
    )}); its body still says what was sealed.`,
  );
}

function outdated(place: ChainPlace, key: string): ChainProblem {
  return problem(
    'recomputed',
    nameOf(place),
    `bears a seal of the earlier key ${key}, which does not count there: either all its seals were renewed by the key after it, or it had ended before. Somebody changed the record or its seal; or a process with the earlier key sealed it after the change of keys, while that one's private half was not given to the others.`,
  );
}

/** A seal that nobody can check, and no checkpoint of that key speaks for. */
export function unproven(
  place: Pick<ChainPlace, 'seq' | 'content' | 'columns' | 'hash' | 'prev'>,
  key: string,
): ChainProblem {
  return problem(
    'recomputed',
    nameOf(place),
    `is not proven: it bears a seal of the earlier key ${key}, of which only the public half is known, so that the seal may be anybody's.`,
  );
}

/**
 * Checks one place without any other: that its hash is that of what it says and where it stands, that the ledger has
 * sealed it, and that it is searched by what it says. What was removed does not show; verifying finds that.
 */
export function checkAlone(
  place: ChainPlace,
  crypto: ChainCrypto,
): ChainProblem | undefined {
  const { prev, seq, hash } = place;
  if (linkHash(prev, seq, digestOf(place, crypto), crypto) !== hash) {
    return problem(
      'changed',
      nameOf(place),
      'was changed: it is not what was sealed at this place.',
    );
  }
  if (place.awaits !== undefined) return unproven(place, place.awaits);
  if (place.sealed === false && place.outdated === undefined) {
    return problem(
      'recomputed',
      nameOf(place),
      'does not bear the seal of the ledger: it was changed, inserted or moved, or something before it was, and the hashes were computed again.',
    );
  }
  return checkPlace(place, undefined);
}
