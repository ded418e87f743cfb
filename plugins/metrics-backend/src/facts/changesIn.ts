import { Deployed } from './Deployed';
import { ChangeFact, FactSettings, Placed } from './Facts';
import { Change, ServiceEvents } from './ServiceEvents';

/** Pull requests by the commit that brought each, and by those that are part of one. */
export interface ChangeIndex {
  merged: Map<string, Change>;
  partOf: Map<string, Change>;
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
      // Some name a pull request by the last of its commits.
      const parts = [change.change, ...change.commits];
      for (const commit of [...parts, ...rebased(change, events)]) {
        index.partOf.set(commit, change);
      }
    }
    indexes.set(events, index);
  }
  return index;
}

/**
 * Commits that a host made of those of a pull request when it rebased them: the last of a line, as many, authored when these were. A
 * squashed one is authored when it was merged, so the line ends there.
 *
 * @see https://git-scm.com/docs/git-rebase#_description for what is kept of each
 */
function rebased(change: Change, { commits }: ServiceEvents): string[] {
  const authored = [...(change.authoredAt ?? [])];
  const merge = commits.get(change.mergeCommit);
  const found: string[] = [];
  // Where it is joined by a merge besides, the line is the second parent's.
  let one =
    merge && merge.parents.length > 1 ? merge.parents[1] : change.mergeCommit;
  while (authored.length > 0) {
    const known = commits.get(one);
    const at = known ? authored.indexOf(known.authoredAt) : -1;
    if (!known || at < 0) break;
    authored.splice(at, 1);
    if (one !== change.mergeCommit) found.push(one);
    if (known.parents.length !== 1) break;
    [one] = known.parents;
  }
  return found;
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
