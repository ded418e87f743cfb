import {
  COMMIT_HASH,
  IncidentData,
  MetricEvent,
} from '@highroad/plugin-metrics-common';

/** What an event tells of within its service. Two that say the same tell of the same thing. */
export function aboutOf({ type, data }: MetricEvent): string {
  switch (type) {
    case 'com.myorg.platform.deployment.finished.1':
      return aboutDeployment(data.environment, data.deployment);
    case 'com.myorg.platform.commit.made.1':
      return aboutCommit(data.commit);
    case 'dev.cdevents.change.merged.0.2.0':
      return `change ${data.change}`;
    case 'dev.cdevents.incident.detected.0.2.0':
      return aboutDetected(placeOf(data), data.incident);
    case 'dev.cdevents.incident.resolved.0.2.0':
      return aboutResolved(placeOf(data), data.incident);
    default:
      // Facts never go on from these alone, so which one it is makes no difference.
      return '';
  }
}

export function aboutCommit(commit: string): string {
  return `commit ${commit}`;
}

export function aboutDeployment(environment: string, id: string): string {
  return `deployment ${environment} ${id}`;
}

export function aboutDetected(environment: string, id: string): string {
  return `detected ${environment} ${id}`;
}

export function aboutResolved(environment: string, id: string): string {
  return `resolved ${environment} ${id}`;
}

/** What an event refers to: where that is told of later, what followed from the event changes. */
export function refersTo({ type, data }: MetricEvent): string[] {
  switch (type) {
    case 'com.myorg.platform.deployment.finished.1':
      return [
        ...(data.commit ? [aboutCommit(data.commit)] : []),
        ...[...(data.fixes ?? []), ...(data.undoes ? [data.undoes] : [])].map(
          id => aboutDeployment(data.environment, id),
        ),
      ];
    case 'com.myorg.platform.commit.made.1':
      return [...data.parents, ...(data.reverts ?? [])].map(aboutCommit);
    case 'dev.cdevents.change.merged.0.2.0':
      return [
        ...[data.mergeCommit, ...data.commits],
        // Some name a pull request by one of its commits.
        ...[data.change].filter(id => COMMIT_HASH.test(id)),
      ].map(aboutCommit);
    case 'dev.cdevents.incident.detected.0.2.0':
      return data.deployment
        ? [aboutDeployment(data.environment, data.deployment)]
        : [];
    case 'dev.cdevents.incident.resolved.0.2.0':
      return [aboutDetected(placeOf(data), data.incident)];
    default:
      return [];
  }
}

/** The environment of an incident; empty, as none is called, where it is not known. */
function placeOf({ environment, ofProduction }: IncidentData): string {
  return ofProduction ? '' : environment;
}

/** What is referred to and was not told of. */
export function wantedBy(events: MetricEvent[]): string[] {
  const told = new Set(events.map(aboutOf));
  return [...new Set(events.flatMap(refersTo))]
    .filter(one => !told.has(one))
    .sort();
}
