import { Deployment, Readiness } from '@highroad/plugin-deployments-common';
import { ReadinessWatch } from './ReadinessWatch';

/** Puts how its pods are beside what runs, and beside what is being brought in its place. */
export function withReadiness<
  T extends { running?: Deployment; latest?: Deployment },
>(
  places: T[],
  watch: Pick<ReadinessWatch, 'of'>,
): Array<T & { pods?: Readiness }> {
  return places.map(place => ({
    ...place,
    pods: watch.of(
      [
        place.running?.id,
        place.latest?.id,
        // What is to be undone is there until the rollback is applied.
        place.latest?.undoes,
      ].flatMap(id => id ?? []),
    ),
  }));
}
