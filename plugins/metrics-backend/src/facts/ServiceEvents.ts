import {
  ChangeData,
  CommitData,
  DeploymentData,
  IncidentData,
  MetricEvent,
  OwnedData,
} from '@highroad/plugin-metrics-common';
import { aboutOf } from './about';
import { isOwnSource } from './ownSource';
import { ServiceFact } from './Facts';
import {
  DETECTED,
  IncidentEvent,
  placeIncidents,
  ProductionSettings,
  RESOLVED,
} from './placeIncidents';

/** An event as the ledger has it. */
export type LedgerEvent = MetricEvent & { example: boolean };

/** Something that was told, with when it happened and who told it. */
export type Told<T> = T & {
  at: string;
  source: string;
  id: string;
  example: boolean;
};

export interface Incident extends Told<IncidentData> {
  resolvedAt?: string;
}

/** A guardrail that was lifted. */
export type Deviation = ServiceFact['deviations'][number];

/** A ticket, with when it was written. */
export interface Ticket {
  ticket: string;
  url?: string;
  at: string;
}
/** What is looked at of a commit. */
export interface Commit extends Omit<CommitData, 'service'> {
  /** Nothing is known of one of its parents */
  cut?: boolean;
}
/** What is looked at of a pull request. */
export type Change = Omit<ChangeData, 'service'>;

/** All that was told about one service, each thing once, in the order in which it happened. */
export interface ServiceEvents {
  deployments: Told<DeploymentData>[];
  commits: Map<string, Commit>;
  changes: Change[];
  incidents: Incident[];
  owned: Told<OwnedData>[];
  created?: Told<{ template?: string }>;
  /** Tickets to the platform's people */
  tickets: Ticket[];
  deviations: Deviation[];
  /** When the last incident began of which nothing says in which environment of the production */
  unplacedUntil?: string;
}

/**
 * Sorts events of one service by what they are about. Where several tell of the same thing, the one that counts is chosen by
 * what they say, never by when they came: any order of arrival gives the same. It is the one that was corrected most often, of those
 * what this platform tells of itself, and of those the first.
 *
 * @param settings - which environments are production, for incidents of which nothing says of which they are
 */
export function sortEvents(
  events: LedgerEvent[],
  settings: ProductionSettings,
): ServiceEvents {
  const ordered = thoseThatCount(events).sort(byTime);
  const deployments = new Map<string, Told<DeploymentData>>();
  const commits = new Map<string, Told<CommitData> & Pick<Commit, 'cut'>>();
  const changes = new Map<string, Told<ChangeData>>();
  const incidents: IncidentEvent[] = [];
  const owned: Told<OwnedData>[] = [];
  const tickets = new Map<string, Ticket>();
  const deviations = new Map<string, Deviation>();
  const ends = new Map<string, string>();
  let created: ServiceEvents['created'];
  for (const event of ordered) {
    switch (event.type) {
      case 'com.myorg.platform.deployment.finished.1':
        first(deployments, placeOf(event.data, 'deployment'), told(event));
        break;
      case 'com.myorg.platform.commit.made.1':
        first(commits, event.data.commit, told(event));
        break;
      case 'dev.cdevents.change.merged.0.2.0':
        first(changes, event.data.change, told(event));
        break;
      case DETECTED:
      case RESOLVED:
        incidents.push(event);
        break;
      case 'com.myorg.platform.service.owned.1':
        owned.push(told(event));
        break;
      case 'com.myorg.platform.service.created.1':
        created ??= told(event);
        break;
      case 'dev.cdevents.ticket.created.0.1.0':
        if (event.data.kind === 'ops') {
          const { ticket, url } = event.data;
          first(tickets, ticket, { ticket, url, at: event.time });
        }
        break;
      case 'com.myorg.platform.deviation.added.1': {
        const { environment, deviation, guardrail, expiresAt } = event.data;
        first(deviations, deviation, {
          ...{ environment, guardrail, from: event.time, until: expiresAt },
        });
        break;
      }
      case 'com.myorg.platform.deviation.ended.1':
        first(ends, event.data.deviation, event.time);
        break;
      default:
        break;
    }
  }
  for (const commit of commits.values()) {
    if (commit.parents.some(one => !commits.has(one))) commit.cut = true;
  }
  for (const [id, at] of ends) {
    const one = deviations.get(id);
    if (one && at < one.until) one.until = at;
  }
  const { placed, unplacedUntil } = placeIncidents(
    incidents,
    [...deployments.values()],
    settings,
  );
  return {
    deployments: [...deployments.values()],
    commits,
    // Where two tell of what one commit merged, by names of their own, what this platform tells of itself comes last, and counts.
    changes: [...changes.values()].sort(
      (a, b) => Number(isOwnSource(a.source)) - Number(isOwnSource(b.source)),
    ),
    incidents: incidentsOf(placed),
    owned,
    created,
    tickets: [...tickets.values()],
    deviations: [...deviations.values()],
    ...(unplacedUntil !== undefined && { unplacedUntil }),
  };
}

/** @param events - in their order */
function incidentsOf(events: IncidentEvent[]): Incident[] {
  const incidents = new Map<string, Incident>();
  /** When each was detected last: after it was resolved, if it was opened again */
  const detected = new Map<string, string>();
  for (const event of events) {
    if (event.type !== DETECTED) continue;
    const key = placeOf(event.data, 'incident');
    const known = incidents.get(key);
    detected.set(key, event.time);
    incidents.set(key, {
      ...(known ?? told(event)),
      // Which deployment it was of is often found out later.
      deployment: known?.deployment ?? event.data.deployment,
    });
  }
  for (const event of events) {
    if (event.type !== RESOLVED) continue;
    const key = placeOf(event.data, 'incident');
    const incident = incidents.get(key);
    if (!incident) continue;
    incident.deployment ??= event.data.deployment;
    const last = detected.get(key) ?? incident.at;
    if (event.time >= last) incident.resolvedAt ??= event.time;
  }
  return [...incidents.values()];
}

/** Events without those that others correct, and without what others tell of the same that this platform tells of itself. */
function thoseThatCount(events: LedgerEvent[]): LedgerEvent[] {
  const highest = new Map<string, number>();
  for (const event of events) {
    const weight = weightOf(event);
    const about = weight === 0 ? '' : aboutOf(event);
    if (about === '') continue;
    highest.set(about, Math.max(highest.get(about) ?? 0, weight));
  }
  return highest.size === 0
    ? [...events]
    : events.filter(
        event => weightOf(event) >= (highest.get(aboutOf(event)) ?? 0),
      );
}

/** A correction stands above all before it; of the same, what this platform tells of itself. */
function weightOf({ data, source }: LedgerEvent): number {
  const revision = 'revision' in data ? data.revision ?? 0 : 0;
  return revision * 2 + Number(isOwnSource(source));
}

/** An event as what it tells. */
export function told<E extends LedgerEvent>(event: E): Told<E['data']> {
  const { time: at, source, id, example } = event;
  return { ...event.data, at, source, id, example };
}

function first<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

function placeOf<K extends string>(
  data: { environment: string } & Record<K, string>,
  key: K,
): string {
  return `${data.environment} ${data[key]}`;
}

/** In the order of time; what happened at once, by who told it, so that the order is always the same. */
function byTime(a: LedgerEvent, b: LedgerEvent): number {
  return (
    compare(whenOf(a), whenOf(b)) ||
    compare(a.source, b.source) ||
    compare(a.id, b.id)
  );
}

/** A commit that its clock dates in the future has the time at which it came, which is no part of what it says. */
function whenOf(event: LedgerEvent): string {
  return event.type === 'com.myorg.platform.commit.made.1'
    ? event.data.authoredAt
    : event.time;
}

export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
