import { aboutOf, refersTo } from '../about';
import { versionOf } from '../deployNext';
import { LedgerEvent } from '../ServiceEvents';
import { ServiceState } from '../ServiceState';

/** What has to be known to go on with some events, by what its rows are found. */
export function neededFor(
  state: ServiceState,
  events: LedgerEvent[],
): {
  abouts: string[];
  versions: Array<[string, string]>;
  deployments: Array<[string, string]>;
  incidents: Array<[string, string]>;
} {
  const versions: Array<[string, string]> = [];
  const deployments: Array<[string, string]> = [];
  const incidents: Array<[string, string]> = [];
  const environments = new Set<string>();
  for (const { type, data } of events) {
    if (type === 'com.myorg.platform.deployment.finished.1') {
      const { environment, fixes = [], undoes } = data;
      const version = versionOf(data);
      environments.add(environment);
      if (version !== undefined) versions.push([environment, version]);
      for (const id of [...fixes, ...(undoes ? [undoes] : [])]) {
        deployments.push([environment, id]);
      }
    } else if (type === 'dev.cdevents.incident.detected.0.2.0') {
      environments.add(data.environment);
      if (data.deployment) {
        deployments.push([data.environment, data.deployment]);
      }
    } else if (type === 'dev.cdevents.incident.resolved.0.2.0') {
      incidents.push([data.environment, data.incident]);
    }
  }
  for (const name of environments) {
    if (!Object.hasOwn(state.environments, name)) continue;
    const { earlier, failed, latest } = state.environments[name];
    if (latest !== undefined) versions.push([name, latest]);
    const tried = earlier.tries.map(one => one.deployment);
    for (const id of new Set([...failed, ...tried])) {
      deployments.push([name, id]);
    }
  }
  const abouts = new Set(
    events.flatMap(one => [aboutOf(one), ...refersTo(one)]),
  );
  // Said of what is never gone on with.
  abouts.delete('');
  return { abouts: [...abouts], versions, deployments, incidents };
}
