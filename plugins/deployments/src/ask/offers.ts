import { Deployment, hasEnded } from '@highroad/plugin-deployments-common';
import { relative } from '@highroad/plugin-platform-react';
import { Place } from '../board/board';
import { stateText } from '../words/states';

/** Versions that were deployed lately, each with what is known of it; what runs somewhere first. */
export function offersOf(
  places: Place[],
  history: Deployment[],
  now: number,
): Map<string, string> {
  const offers = new Map<string, string>();
  for (const { running } of places) {
    if (!running) continue;
    const wheres = places
      .filter(place => place.running?.version === running.version)
      .map(({ environment }) => environment);
    offers.set(running.version, `runs in ${wheres.join(' and ')}`);
  }
  for (const one of history) {
    if (offers.has(one.version)) continue;
    const when = relative((Date.parse(one.requestedAt) - now) / 1000);
    const how = one.state === 'succeeded' ? 'ran' : stateText(one.state);
    offers.set(one.version, `${how} in ${one.environment} ${when}`);
  }
  return offers;
}

/** Two deployments with the same come to the same. */
export function contentOf({ version, manifestsDigest }: Deployment): string {
  return `${version} ${manifestsDigest}`;
}

/** What can be put back in a place, and what would be. */
export interface PutBack {
  /** What it takes the place of */
  undone?: Deployment;
  /** Newest first */
  candidates: Deployment[];
  /** What the platform takes where nobody says what */
  proposed?: Deployment;
}

/**
 * Finds what to go back to, by the platform's own rule for where nobody says what: while something is under way, or has
 * ended badly and is still there, the last good one; else the one before, never what was rolled back already, nor what
 * comes to the same as what runs.
 *
 * @param history - of one service in one environment, newest first
 */
export function putBackOf(history: Deployment[]): PutBack {
  // What was not applied is nothing to undo or to put back.
  const applied = history.filter(({ unchanged }) => !unchanged);
  const running = applied.find(({ state }) => state === 'succeeded');
  const unfinished = unfinishedOf(applied);
  const undone = unfinished ?? running;
  const seen = new Set(undone && !unfinished ? [contentOf(undone)] : []);
  const candidates = applied.filter(one => {
    const content = contentOf(one);
    if (one.state !== 'succeeded' || seen.has(content)) return false;
    seen.add(content);
    return true;
  });
  if (unfinished) {
    const proposed = isOnItsWayBack(unfinished) ? undefined : running;
    return { undone, candidates, proposed };
  }
  const found = running && before(applied, running);
  const proposed = candidates.find(
    one => found && contentOf(one) === contentOf(found),
  );
  return { undone, candidates, proposed };
}

/** Something is being put back at the moment. */
export function isOnItsWayBack({ kind, state }: Deployment): boolean {
  return kind === 'rollback' && !hasEnded(state);
}

/** The newest, if it goes on, or has ended without success and left something that nothing has put right since. */
function unfinishedOf([newest]: Deployment[]): Deployment | undefined {
  if (!newest || newest.state === 'succeeded') return undefined;
  // Of what failed before anything was applied, there is nothing to undo.
  const isSpoilt = newest.progress !== undefined && !newest.undoneBy;
  return !hasEnded(newest.state) || isSpoilt ? newest : undefined;
}

/** The good one that something took the place of. */
function before(
  history: Deployment[],
  current: Deployment,
): Deployment | undefined {
  let at = current;
  for (;;) {
    const { requestedAt } = originOf(history, at);
    const earlier = history.find(
      one => one.state === 'succeeded' && one.requestedAt < requestedAt,
    );
    if (!earlier || contentOf(earlier) !== contentOf(current)) return earlier;
    at = earlier;
  }
}

/** A rollback stands where that stands which it put back. */
function originOf(history: Deployment[], deployment: Deployment): Deployment {
  let at = deployment;
  while (at.kind === 'rollback') {
    const { manifestsOf } = at;
    const of = history.find(({ id }) => id === manifestsOf);
    if (!of) return at;
    at = of;
  }
  return at;
}
