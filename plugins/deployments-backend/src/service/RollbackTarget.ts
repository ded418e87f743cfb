import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  Deployment,
  RollbackTargets,
} from '@highroad/plugin-deployments-common';
import { Place, ReadStore } from '../database/ReadStore';

/** So many that did well are looked through for what is offered, and so many are offered. */
const MOST_LOOKED_AT = 100;
const MOST_OFFERED = 10;

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
  const found = await lookBack(reader, place);
  if ('error' in found) throw found.error;
  return found;
}

/**
 * Tells what {@link findRollbackTarget} finds, or why it finds nothing, and what can be put back instead.
 *
 * @param wanted - what is put back, where somebody has said what
 */
export async function findRollbackTargets(
  reader: ReadStore,
  place: Place,
  wanted: Deployment | undefined,
): Promise<RollbackTargets> {
  const found = await lookBack(reader, place);
  const proposed = wanted ?? ('error' in found ? undefined : found.target);
  const offers = new Map<string, Deployment>();
  for (const one of await reader.goodOnes(place, MOST_LOOKED_AT)) {
    const content = contentOf(one);
    if (!offers.has(content)) offers.set(content, one);
  }
  const { undone } = found;
  if (undone?.state === 'succeeded') offers.delete(contentOf(undone));
  if (proposed) offers.set(contentOf(proposed), proposed);
  const offered = [...offers.values()].sort((a, b) =>
    b.requestedAt.localeCompare(a.requestedAt),
  );
  return {
    ...{ undone, proposed },
    ...(!proposed && 'error' in found && { why: found.error.message }),
    offered: offered.filter(
      (one, index) => index < MOST_OFFERED || one === proposed,
    ),
  };
}

/** What is there, and what is put back for it, or why nothing is. */
async function lookBack(
  reader: ReadStore,
  place: Place,
): Promise<RollbackTarget | { undone?: Deployment; error: Error }> {
  const { service, environment } = place;
  const good = await reader.lastGood(place);
  const undone = (await reader.unfinishedSince(place, good)) ?? good;
  if (!undone) {
    const why = `Nothing to roll back: ${service} was never deployed to ${environment}.`;
    return { error: new NotFoundError(why) };
  }
  const { id, version } = undone;
  if (undone.kind === 'rollback' && !undone.endedAt) {
    const why = `${version} of ${service} is being put back in ${environment} already (${id}). Wait for it, or say which deployment to put back instead.`;
    return { undone, error: new ConflictError(why) };
  }
  const target =
    good && undone === good ? await before(reader, place, good) : good;
  if (target) return { undone, target };
  const why = `Nothing to roll back to: there is no version of ${service} in ${environment} before ${version} that did well and was not rolled back.`;
  return { undone, error: new NotFoundError(why) };
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
