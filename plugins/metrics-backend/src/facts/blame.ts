import { Ancestry } from './Ancestry';
import { changeIndex } from './changesIn';
import { Deployed } from './Deployed';
import {
  after,
  Earlier,
  NOTHING_EARLIER,
  repairedBy,
  takenBackBy,
} from './Earlier';
import {
  FactSettings,
  FailureReason,
  failureReasons,
  ReworkReason,
} from './Facts';
import { isHotfix } from './isHotfix';
import { mergedBy } from './mergedBy';
import { Incident, ServiceEvents } from './ServiceEvents';

/** Why a deployment counts as failed, and until when it was so. */
export interface Blame {
  reason: FailureReason;
  /** Id of what says so: a deployment, a change or an incident */
  by?: string;
  recoveredAt?: string;
}

/** Which deployments repaired another one, and how. */
export type Repairs = Map<string, ReworkReason>;

/** That something says of a deployment that it needed intervention. */
export interface Sign {
  deployment: string;
  reason: FailureReason;
  by?: string;
  /** When what it says was over */
  over?: string;
}

const HOUR_MS = 3_600_000;

/**
 * Finds out which deployments needed intervention. Each sign blames one; of several on the same, the first by the order of
 * {@link failureReasons} says why, and the earliest end says when it was over.
 *
 * @param deployed - in the order of their finish
 */
export function blameFor(
  deployed: Deployed[],
  about: { events: ServiceEvents; incidents: Incident[]; ancestry: Ancestry },
  settings: FactSettings,
): {
  blames: Map<string, Blame>;
  repairs: Repairs;
  /** Deployments by the incidents that are attributed to them */
  attributed: Map<string, string>;
} {
  const repairs: Repairs = new Map();
  const attributed = new Map<string, string>();
  const signs = [
    ...ofOutcomes(deployed),
    ...ofDeployments(deployed, about, settings, repairs),
    ...ofIncidents(deployed, about.incidents, settings, attributed),
  ];
  const finished = new Map(
    deployed.map(one => [one.event.deployment, one.event.at]),
  );
  const blames = new Map<string, Blame>();
  for (const sign of signs.sort((a, b) => rankOf(a) - rankOf(b))) {
    const at = finished.get(sign.deployment);
    if (at === undefined) continue;
    const known = blames.get(sign.deployment);
    blames.set(sign.deployment, {
      ...(known ?? { reason: sign.reason, by: sign.by }),
      recoveredAt: earliestEnd(at, known?.recoveredAt, sign.over),
    });
  }
  return { blames, repairs, attributed };
}

export function rankOf({ reason }: { reason: FailureReason }): number {
  return failureReasons.indexOf(reason);
}

/**
 * Until when a deployment needed intervention, by what was known and one more end. What was over before it finished, such as an
 * incident while it was rolled out, needed none after that.
 */
export function earliestEnd(
  finishedAt: string,
  known: string | undefined,
  over: string | undefined,
): string | undefined {
  if (over === undefined) return known;
  const end = over < finishedAt ? finishedAt : over;
  return known !== undefined && known < end ? known : end;
}

/** One that failed is over when the next one succeeds. */
function ofOutcomes(deployed: Deployed[]): Sign[] {
  const signs: Sign[] = [];
  let next: string | undefined;
  for (const { event, completed, successful } of [...deployed].reverse()) {
    if (completed && !successful) {
      signs.push({
        deployment: event.deployment,
        reason: 'failed',
        over: next,
      });
    }
    if (successful) next = event.at;
  }
  return signs;
}

/** What later deployments say of earlier ones. */
function ofDeployments(
  deployed: Deployed[],
  about: { events: ServiceEvents; ancestry: Ancestry },
  settings: FactSettings,
  repairs: Repairs,
): Sign[] {
  const mergeOf = mergedBy(about.events.changes);
  const all: Sign[] = [];
  let earlier = NOTHING_EARLIER;
  for (const one of deployed) {
    const { signs, repair } = signsOf(
      one,
      { ...about, earlier, mergeOf },
      settings,
    );
    all.push(...signs);
    const own = one.event.deployment;
    if (repair && !repairs.has(own)) repairs.set(own, repair);
    earlier = after(earlier, one);
  }
  return all;
}

/**
 * What one deployment says of earlier ones, and how it repaired the first of them. The first of these that says anything is all:
 * what it names, what it takes back, what its changes revert, and that it is a hotfix or was not planned.
 *
 * @param about.earlier - what was deployed before it
 * @param about.mergeOf - the commit by which a pull request was merged
 */
export function signsOf(
  one: Deployed,
  about: {
    events: ServiceEvents;
    ancestry: Ancestry;
    earlier: Earlier;
    mergeOf: (change: string) => string | undefined;
  },
  settings: FactSettings,
): { signs: Sign[]; repair?: ReworkReason } {
  const { event, rollback, completed, successful } = one;
  const { rangeState, commits } = one;
  const { events, ancestry, earlier, mergeOf } = about;
  const { merged } = changeIndex(events);
  const signs: Sign[] = [];
  let repair: ReworkReason | undefined;
  const own = event.deployment;
  const over = successful ? event.at : undefined;
  const say = (
    deployment: string | undefined,
    reason: FailureReason,
    rework: ReworkReason,
    by = own,
  ) => {
    if (!deployment || deployment === own) return;
    signs.push({ deployment, reason, by, over });
    repair ??= rework;
  };
  if (!completed) return { signs };
  // One repair blames once: what it says itself stands above what is taken from it.
  event.fixes?.forEach(id => say(id, 'linked', 'repair'));
  if (rollback && event.undoes) say(event.undoes, 'linked', 'rollback');
  if (signs.length > 0) return { signs, repair };
  if (rollback) {
    say(takenBackBy(one, earlier), 'came-back', 'rollback');
    return { signs, repair };
  }
  // What a baseline brought may have happened long before.
  const brought = rangeState === 'known' ? commits : [];
  for (const commit of brought) {
    const change = merged.get(commit);
    const targets = [
      ...(events.commits.get(commit)?.reverts ?? []),
      ...(change?.reverts ?? []).map(id => mergeOf(id) ?? ''),
    ];
    for (const target of targets) {
      say(
        ancestry.broughtBy(target),
        'reverted',
        'revert',
        change?.change ?? commit,
      );
    }
  }
  if (signs.length > 0) return { signs, repair };
  const before = repairedBy(one, earlier);
  for (const commit of brought) {
    const change = merged.get(commit);
    const told = change ?? events.commits.get(commit);
    if (told && isHotfix(told, settings)) {
      say(before, 'hotfix', 'hotfix', change?.change ?? commit);
    }
  }
  if (event.unplanned) say(before, 'hotfix', 'unplanned');
  return { signs, repair };
}

/** An incident is of the deployment that it names, else of the latest within the window before it. */
function ofIncidents(
  deployed: Deployed[],
  incidents: Incident[],
  { incidentWindowHours }: FactSettings,
  attributed: Map<string, string>,
): Sign[] {
  const candidates = deployed.filter(one => one.completed && !one.rollback);
  return incidents.flatMap(({ incident, deployment, at, resolvedAt }) => {
    const earliest = new Date(
      Date.parse(at) - incidentWindowHours * HOUR_MS,
    ).toISOString();
    const before = latestUntil(candidates, at)?.event;
    const latest =
      before && before.at >= earliest ? before.deployment : undefined;
    const blamed = deployment ?? latest;
    if (!blamed) return [];
    attributed.set(incident, blamed);
    return [
      {
        deployment: blamed,
        reason: deployment ? ('linked' as const) : ('incident' as const),
        by: incident,
        over: resolvedAt,
      },
    ];
  });
}

/** The last of those, in their order, that had finished. */
function latestUntil(candidates: Deployed[], at: string): Deployed | undefined {
  let [low, high] = [0, candidates.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (candidates[middle].event.at <= at) low = middle + 1;
    else high = middle;
  }
  return candidates[low - 1];
}
