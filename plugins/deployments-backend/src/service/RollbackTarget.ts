import { ConflictError, NotFoundError } from '@backstage/errors';
import { Deployment } from '@highroad/plugin-deployments-common';
import { Place, ReadStore } from '../database/ReadStore';

/** What a rollback puts back, and what it is put back for. */
export interface RollbackTarget {
  target: Deployment;
  undone: Deployment;
}

/**
 * Finds what is put back in a place where nobody says what.
 *
 * While something is under way, or has ended badly and left something in the cluster, that is the last good one. Else it
 * is the one before: never what was rolled back already, nor what comes to the same as what runs.
 *
 * @throws NotFoundError if there is none, ConflictError if it is being put back already
 */
export async function findRollbackTarget(
  reader: ReadStore,
  place: Place,
): Promise<RollbackTarget> {
  const good = await reader.lastGood(place);
  const undone = (await reader.unfinishedSince(place, good)) ?? good;
  if (!undone) {
    throw new NotFoundError(
      `Nothing to roll back: ${place.service} was never deployed to ${place.environment}.`,
    );
  }
  if (undone.kind === 'rollback' && !undone.endedAt) {
    throw new ConflictError(
      `${undone.version} of ${place.service} is being put back in ${place.environment} already (${undone.id}). Wait for it, or say which deployment to put back instead.`,
    );
  }
  const target = undone === good ? await before(reader, place, good) : good;
  if (target) return { target, undone };
  throw new NotFoundError(
    `Nothing to roll back to: there is no version of ${place.service} in ${place.environment} before ${undone.version} that did well and was not rolled back.`,
  );
}

/** The good one that something took the place of; a rollback stands where that stands which it put back. */
async function before(
  reader: ReadStore,
  place: Place,
  current: Deployment,
): Promise<Deployment | undefined> {
  let at = current;
  for (;;) {
    const earlier = await reader.lastGood(place, await origin(reader, at));
    if (!earlier || contentOf(earlier) !== contentOf(current)) return earlier;
    at = earlier;
  }
}

async function origin(
  reader: ReadStore,
  deployment: Deployment,
): Promise<Deployment> {
  let at = deployment;
  while (at.kind === 'rollback' && at.manifestsOf) {
    const [of] = await reader.some([at.manifestsOf]);
    if (!of) return at;
    at = of;
  }
  return at;
}

/** Two with the same come to the same. */
function contentOf({ version, manifestsDigest }: Deployment): string {
  return `${version} ${manifestsDigest}`;
}
