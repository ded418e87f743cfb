import { Deployment } from '@highroad/plugin-deployments-common';
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
