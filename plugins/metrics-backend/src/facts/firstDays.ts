import { DeploymentFact, Placed } from './Facts';

/** The first day on which a deployment of a service is known of, of each owner and system that it had. */
export type FirstDay = Omit<Placed, 'example'>;

/** @param deployments - in any order */
export function firstDays(deployments: DeploymentFact[]): FirstDay[] {
  const found = new Map<string, FirstDay>();
  for (const { service, environment, owner, system, day } of deployments) {
    const key = JSON.stringify([service, environment, owner, system]);
    const before = found.get(key);
    if (!before || day < before.day) {
      found.set(key, { service, environment, owner, system, day });
    }
  }
  return [...found.values()];
}
