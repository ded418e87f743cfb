import { createHash } from 'node:crypto';
import { createRandom } from './organization';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const COMMITS = 3;
const INCIDENT_EACH = 20;
/** Of deployments, one whose incident nobody ends. */
const OPEN_EACH = 2_000;

export interface BenchEvent {
  specversion: '1.0';
  source: string;
  id: string;
  type: string;
  time: string;
  data: { service: string } & Record<string, unknown>;
}

/** How large an organisation is, and since when it tells. */
export interface HistorySize {
  services: number;
  teams: number;
  deployments: number;
  /** Milliseconds since 1970 */
  from: number;
  to: number;
  /** Number of the first deployment; another history goes on from there */
  first?: number;
  /** All of one service, then all of the next, as imports tell of it, instead of all beside one another */
  inTurn?: boolean;
}

/**
 * Events in the order of their time, as they would come: deployments of random services at an even pace, three commits for each, an
 * incident for every twentieth. At the beginning the catalog tells whose each service is.
 */
export function* deliveryHistory(size: HistorySize): Generator<BenchEvent> {
  const { services, teams, deployments, from, to, first = 0 } = size;
  const each = deployments / services;
  const random = createRandom(11 + first);
  const last = new Map<number, string>();
  /** Incidents come to light after what caused them. */
  let later: BenchEvent[] = [];
  let before: number | undefined;
  if (first === 0) {
    for (let service = 0; service < services; service++) {
      const data = {
        owner: `group:default/team-${service % teams}`,
        system: `system:default/system-${service % (2 * teams)}`,
        ...(service % 2 === 0 && { template: 'service' }),
      };
      yield event(`o${service}`, 'com.myorg.platform.service.owned.1', from, {
        ...{ service: nameOf(service), ...data },
      });
    }
  }
  for (let number = first; number < first + deployments; number++) {
    const done = number - first;
    const pace = size.inTurn ? (done % each) / each : (done + 1) / deployments;
    const at = from + Math.floor(pace * (to - from));
    const one = size.inTurn
      ? Math.floor(done / each)
      : Math.floor(random() * services);
    const isNext = size.inTurn && one !== before;
    const due = isNext ? later : later.slice(0, dueBy(later, at));
    yield* due;
    later = later.slice(due.length);
    yield* deployment(number, at, { one, last, random });
    if (number % INCIDENT_EACH === 0) {
      later.push(...incident(number, at, one));
      later.sort((a, b) => a.time.localeCompare(b.time));
    }
    before = one;
  }
  yield* later;
}

/** How many of events that are in order had happened by a time. */
function dueBy(later: BenchEvent[], at: number): number {
  const time = new Date(at).toISOString();
  const open = later.findIndex(told => told.time > time);
  return open < 0 ? later.length : open;
}

function* deployment(
  number: number,
  at: number,
  about: { one: number; last: Map<number, string>; random: () => number },
): Generator<BenchEvent> {
  const { one, last, random } = about;
  const service = nameOf(one);
  let commit = last.get(one);
  for (let change = 0; change < COMMITS; change++) {
    const hash = createHash('sha1').update(`${number} ${change}`).digest('hex');
    const authored = at - Math.floor(random() * 3 * DAY_MS);
    yield event(hash, 'com.myorg.platform.commit.made.1', authored, {
      ...{ service, commit: hash, parents: commit ? [commit] : [] },
      authoredAt: new Date(authored).toISOString(),
    });
    commit = hash;
  }
  if (commit) last.set(one, commit);
  const told = { service, commit, deployment: `d${number}` };
  yield event(`d${number}`, 'com.myorg.platform.deployment.finished.1', at, {
    ...{ ...told, version: `${number}`, applied: true, kind: 'deploy' },
    ...{ environment: 'production', outcome: 'succeeded' },
  });
}

function incident(number: number, at: number, one: number): BenchEvent[] {
  const data = {
    ...{ service: nameOf(one), environment: 'production' },
    incident: `i${number}`,
  };
  const isOver = number % OPEN_EACH !== 0;
  return [
    ['detected', 1] as const,
    ...(isOver ? [['resolved', 2] as const] : []),
  ].map(([kind, hours]) =>
    event(
      `i${number} ${kind}`,
      `dev.cdevents.incident.${kind}.0.2.0`,
      ...([at + hours * HOUR_MS, data] as const),
    ),
  );
}

function nameOf(service: number): string {
  return `component:default/service-${service}`;
}

function event(
  id: string,
  type: string,
  at: number,
  data: BenchEvent['data'],
): BenchEvent {
  const time = new Date(at).toISOString();
  return { specversion: '1.0', source: '/bench', id, type, time, data };
}
