import { ChangeData } from '@highroad/plugin-metrics-common';
import { Deployed } from './Deployed';
import { ChangeFact, FactSettings, Placed } from './Facts';
import { ServiceEvents } from './ServiceEvents';

/** Pull requests by the commit that brought each, and by those that are part of one. */
export interface ChangeIndex {
  merged: Map<string, ChangeData>;
  partOf: Map<string, ChangeData>;
}

const indexes = new WeakMap<ServiceEvents, ChangeIndex>();

/** A pull request whose merge commit is not known says nothing of when it was deployed, so its commits stand for themselves. */
export function changeIndex(events: ServiceEvents): ChangeIndex {
  let index = indexes.get(events);
  if (!index) {
    index = { merged: new Map(), partOf: new Map() };
    for (const change of events.changes) {
      if (!events.commits.has(change.mergeCommit)) continue;
      index.merged.set(change.mergeCommit, change);
      for (const commit of change.commits) index.partOf.set(commit, change);
    }
    indexes.set(events, index);
  }
  return index;
}

/** The changes among the commits that a deployment brought, each with how long it took. */
export function changesIn(
  { event, commits }: Deployed,
  events: ServiceEvents,
  settings: FactSettings,
): Array<Omit<ChangeFact, keyof Placed>> {
  const { merged, partOf } = changeIndex(events);
  return commits.flatMap(commit => {
    const change = merged.get(commit);
    if (change) {
      const { change: id, title, url, firstCommitAt, mergedAt } = change;
      const startedAt =
        settings.leadTimeFrom === 'merge' ? mergedAt : firstCommitAt;
      return [sample({ change: id, startedAt, title, url }, event)];
    }
    const known = events.commits.get(commit);
    // A merge joins what others changed.
    if (!known || partOf.has(commit) || known.parents.length > 1) return [];
    const { authoredAt: startedAt, title, url } = known;
    return [sample({ change: commit, startedAt, title, url }, event)];
  });
}

function sample(
  about: Pick<ChangeFact, 'change' | 'startedAt' | 'title' | 'url'>,
  event: Deployed['event'],
): Omit<ChangeFact, keyof Placed> {
  const seconds = Math.round(
    (Date.parse(event.at) - Date.parse(about.startedAt)) / 1000,
  );
  return {
    ...about,
    deployment: event.deployment,
    seconds,
    excluded: seconds < 0,
  };
}
