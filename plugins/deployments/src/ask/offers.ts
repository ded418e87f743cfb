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
  proposed?: Deployment;
}

/**
 * Finds what to go back to.
 *
 * @param history - of one service in one environment, newest first
 */
export function putBackOf(history: Deployment[]): PutBack {
  const newest = history.at(0);
  const running = history.find(({ state }) => state === 'succeeded');
  // Of what failed before anything was applied, there is nothing to undo.
  const spoilt =
    newest &&
    newest !== running &&
    newest.progress !== undefined &&
    !newest.undoneBy;
  const undone =
    newest && (!hasEnded(newest.state) || spoilt) ? newest : running;
  const seen = new Set<string>();
  const candidates = history.filter(one => {
    if (one.state !== 'succeeded' || one === undone) return false;
    const content = contentOf(one);
    if ((undone && content === contentOf(undone)) || seen.has(content)) {
      return false;
    }
    seen.add(content);
    return true;
  });
  const proposed =
    candidates.find(
      ({ version, requestedAt }) =>
        version !== undone?.version &&
        requestedAt < (undone?.requestedAt ?? requestedAt),
    ) ?? candidates.at(0);
  return { undone, candidates, proposed };
}
