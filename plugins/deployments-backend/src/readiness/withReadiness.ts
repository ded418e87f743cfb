import { Deployment, Readiness } from '@highroad/plugin-deployments-common';
import { ReadinessWatch } from './ReadinessWatch';

interface Deployed {
  running?: Pick<Deployment, 'id'>;
  latest?: Pick<Deployment, 'id' | 'undoes'>;
}

/** How the pods are of what runs in a place, and of what is being brought in its stead; nothing where that is not known. */
export function podsOf(
  { running, latest }: Deployed,
  watch: Pick<ReadinessWatch, 'of'>,
): Readiness | undefined {
  // What is to be undone is there until the rollback is applied.
  const ids = [running?.id, latest?.id, latest?.undoes];
  return watch.of(ids.flatMap(id => id ?? []));
}

/** Puts how its pods are beside what runs. */
export function withReadiness<T extends Deployed>(
  places: T[],
  watch: Pick<ReadinessWatch, 'of'>,
): Array<T & { pods?: Readiness }> {
  return places.map(place => ({ ...place, pods: podsOf(place, watch) }));
}
