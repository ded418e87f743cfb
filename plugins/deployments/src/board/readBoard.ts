import {
  activeStates,
  Deployment,
  isUnready,
  podsOf,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { DeploymentsApi } from '../api';
import { goesOn, isActive, ShownPlace } from './board';

/** What runs where, as it was last read. */
export interface Board {
  environments: StandingEnvironment[];
  places: ShownPlace[];
  /** Environments of which it is not known how many pods are ready, and why */
  unwatched: Array<{ environment: string; problem: string }>;
  /** Revisions of the deployments that were seen lately, by id */
  seen: Map<string, number>;
  /** When all of it was read, in milliseconds */
  readAt: number;
}

const BUSY_MS = 2_000;
const CALM_MS = 15_000;
/** What was missed in between, if anything ever is, is not missed for longer. */
const WHOLE_MS = 5 * 60_000;
/** Of more services than this at once, all are read anew. */
const FEW = 50;

/** How long to leave it before the next look where nobody tells of changes, in milliseconds. */
export function pauseAfter({ places }: Board): number {
  return isActive(places) ? BUSY_MS : CALM_MS;
}

/**
 * Reads all that runs where, and after that only what has changed: with thousands of services, the whole would be
 * megabytes each time.
 */
export async function readBoard(
  api: DeploymentsApi,
  last: Board | undefined,
  options: { now: number; signal: AbortSignal },
): Promise<Board> {
  const { now, signal } = options;
  const [recent, amiss] = await Promise.all([
    recentDeployments(api, signal),
    last && api.board({ only: 'amiss' }, { signal }),
  ]);
  const seen = new Map(recent.map(one => [one.id, one.revision]));
  const touched =
    last &&
    amiss &&
    new Set([
      ...touchedServices(last, recent),
      ...servicesThatAreOther(last.places, placesOf(amiss)),
    ]);
  if (
    !amiss ||
    !touched ||
    touched.size > FEW ||
    now - last.readAt > WHOLE_MS
  ) {
    const [environments, all] = await Promise.all([
      api.environments({}, { signal }),
      api.board({}, { signal }),
    ]);
    return {
      environments: environments.items,
      places: placesOf(all),
      unwatched: all.unwatched ?? [],
      seen,
      readAt: now,
    };
  }
  const { unwatched = [] } = amiss;
  if (touched.size === 0) {
    return areAlike(unwatched, last.unwatched) ? last : { ...last, unwatched };
  }
  const other = await api.board({ service: [...touched] }, { signal });
  const others = last.places.filter(({ service }) => !touched.has(service));
  return { ...last, unwatched, places: [...others, ...placesOf(other)], seen };
}

type Answer = Awaited<ReturnType<DeploymentsApi['board']>>;

/** Place by place, as they are in a table of services by environments. */
function placesOf({ environments, services }: Answer): ShownPlace[] {
  return Object.entries(services).flatMap(([service, places]) =>
    places.flatMap((place, at) =>
      place
        ? {
            ...{ service, environment: environments[at] },
            ...{ ...place, pods: podsOf(place.pods) },
          }
        : [],
    ),
  );
}

async function recentDeployments(api: DeploymentsApi, signal: AbortSignal) {
  const [active, newest] = await Promise.all([
    api.list({ state: [...activeStates], limit: 200 }, { signal }),
    api.list({ limit: 50 }, { signal }),
  ]);
  return [...active.items, ...newest.items];
}

/** Services of which something began, went on or ended since the last look. */
function touchedServices(last: Board, recent: Deployment[]): Set<string> {
  const changed = recent.filter(
    ({ id, revision }) => last.seen.get(id) !== revision,
  );
  const still = new Set(recent.map(({ id }) => id));
  const gone = last.places.filter(
    ({ latest }) => latest && goesOn(latest) && !still.has(latest.id),
  );
  return new Set([...changed, ...gone].map(({ service }) => service));
}

/**
 * Services of which pods are missing now that were not, or that were changed by hand meanwhile; or the other way round.
 *
 * @param amiss - where pods are missing or it was changed by hand now
 */
function servicesThatAreOther(
  known: ShownPlace[],
  amiss: ShownPlace[],
): string[] {
  const keyOf = ({ service, environment }: ShownPlace) =>
    `${service} ${environment}`;
  const now = new Map(amiss.map(place => [keyOf(place), place]));
  const changed = known.filter(place => {
    const found = now.get(keyOf(place));
    return (
      podsThatLack(place) !== podsThatLack(found) ||
      changeByHand(place) !== changeByHand(found)
    );
  });
  return changed.map(({ service }) => service);
}

function podsThatLack({ pods }: Partial<ShownPlace> = {}): string | undefined {
  return pods && isUnready(pods) ? `${pods.ready} ${pods.wanted}` : undefined;
}

function changeByHand({ drift }: Partial<ShownPlace> = {}): string | undefined {
  return drift?.state === 'differs' ? drift.summary : undefined;
}

function areAlike(one: Board['unwatched'], other: Board['unwatched']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
