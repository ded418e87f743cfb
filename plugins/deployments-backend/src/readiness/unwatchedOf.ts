import { EnvironmentSettings } from '../service/EnvironmentSettings';
import { ReadinessWatch } from './ReadinessWatch';

/** Environments of which it is not known how many pods are ready, and why. */
export function unwatchedOf(
  environments: Array<Pick<EnvironmentSettings, 'name' | 'cluster'>>,
  readiness: Pick<ReadinessWatch, 'problem'>,
): Array<{ environment: string; problem: string }> {
  return environments.flatMap(({ name, cluster }) => {
    const problem = readiness.problem(cluster);
    return problem ? [{ environment: name, problem }] : [];
  });
}
