import { Deployment, Drift } from '@highroad/plugin-deployments-common';
import { Place } from '../database/ReadStore';
import { SeenDrift } from './DriftStore';

/**
 * Puts what was seen beside what runs. What was compared with another deployment says nothing any more, so that
 * deploying again ends it.
 */
export function withDrift<T extends Place & { running?: Deployment }>(
  places: T[],
  seen: SeenDrift[],
): Array<T & { drift?: Drift }> {
  const byDeployment = new Map(seen.map(one => [one.deployment, one.drift]));
  return places.map(place => ({
    ...place,
    drift: place.running && byDeployment.get(place.running.id),
  }));
}
