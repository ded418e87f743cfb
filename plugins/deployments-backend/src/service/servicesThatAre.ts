import { DriftStore } from '../drift/DriftStore';
import { ReadinessWatch } from '../readiness/ReadinessWatch';
import { DeploymentService } from './DeploymentService';

/**
 * Services of which some place may be so.
 *
 * @param only - `unready`: pods are missing; `amiss`: they are, or it was changed by hand
 */
export async function servicesThatAre(
  only: 'unready' | 'amiss',
  known: {
    drift: Pick<DriftStore, 'differing'>;
    readiness: Pick<ReadinessWatch, 'unready'>;
    service: Pick<DeploymentService, 'servicesOf'>;
  },
): Promise<string[]> {
  const { drift, readiness, service } = known;
  const found = await Promise.all([
    service.servicesOf(readiness.unready()),
    only === 'amiss' ? drift.differing() : [],
  ]);
  return [...new Set(found.flat())];
}
