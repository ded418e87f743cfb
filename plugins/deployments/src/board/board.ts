import {
  Deployment,
  Drift,
  hasEnded,
  Readiness,
  ShownDeployment,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { serviceName } from '../words/short';

/** What runs of a service in an environment, and what was last tried there where that is something else. */
export interface PlaceOf<D extends ShownDeployment> {
  service: string;
  environment: string;
  running?: D;
  latest?: D;
  /** How its pods are now; left out where that is not known */
  pods?: Readiness;
  /** Whether what runs was changed by hand; left out where nobody has looked */
  drift?: Pick<Drift, 'state' | 'summary'>;
}

/** As the matrix shows it, of thousands. */
export type ShownPlace = PlaceOf<ShownDeployment>;

/** With all that is known. */
export interface Place extends PlaceOf<Deployment> {
  /** What failed, and was taken back by what runs */
  undone?: Deployment;
  drift?: Drift;
}

/** Something that a person should look at. */
export interface Trouble<D extends ShownDeployment = ShownDeployment> {
  /**
   * `failed`; `down`: it runs no longer, without a pod that is ready; `back`: it failed, and what ran before was put
   * back; or it goes on
   */
  kind: 'failed' | 'down' | 'active' | 'back';
  place: PlaceOf<D>;
  /** What is told of */
  deployment: D;
}

export interface Row {
  service: string;
  name: string;
  /** By environment */
  places: Map<string, ShownPlace>;
}

/** What the state of a place asks of whoever looks at it; nothing where all is well. */
export function troubleOf<D extends ShownDeployment>(
  place: PlaceOf<D>,
): Trouble<D> | undefined {
  const { running, latest } = place;
  if (latest?.state === 'failed') {
    return { kind: 'failed', place, deployment: latest };
  }
  if (latest && goesOn(latest)) {
    return { kind: 'active', place, deployment: latest };
  }
  if (running && isDown(place)) {
    return { kind: 'down', place, deployment: running };
  }
  if (running && wasPutBack(running)) {
    return { kind: 'back', place, deployment: running };
  }
  return undefined;
}

/** Pods are wanted, and none is ready. */
function isDown({ pods }: ShownPlace): boolean {
  return pods !== undefined && pods.wanted > 0 && pods.ready === 0;
}

/** The platform put it there by itself, because a newer version failed. */
export function wasPutBack({ kind, door }: ShownDeployment): boolean {
  return kind === 'rollback' && door === 'system';
}

/** It has not ended. */
export function goesOn({ state }: ShownDeployment): boolean {
  return state !== undefined && !hasEnded(state);
}

/** When it ended, or was asked for while it goes on (ISO 8601). */
export function sinceOf({ endedAt, requestedAt }: ShownDeployment): string {
  return endedAt ?? requestedAt ?? '';
}

/** What is worst first; the newest of each. */
export function troublesOf(places: ShownPlace[]): Trouble[] {
  const order = ['failed', 'down', 'active', 'back'];
  return places
    .flatMap(place => troubleOf(place) ?? [])
    .sort(
      (a, b) =>
        order.indexOf(a.kind) - order.indexOf(b.kind) ||
        askedAt(b).localeCompare(askedAt(a)),
    );
}

function askedAt({ deployment }: Trouble): string {
  return deployment.requestedAt ?? sinceOf(deployment);
}

export function isActive(places: ShownPlace[]): boolean {
  return places.some(({ latest }) => latest && goesOn(latest));
}

/**
 * A row a service, by name.
 *
 * @param more - services that have a row without having been deployed
 */
export function rowsOf(
  places: ShownPlace[],
  more: Iterable<string> = [],
): Row[] {
  const rows = new Map<string, Row>();
  const rowOf = (service: string) => {
    const row = rows.get(service) ?? {
      service,
      name: serviceName(service),
      places: new Map<string, ShownPlace>(),
    };
    rows.set(service, row);
    return row;
  };
  for (const place of places) {
    rowOf(place.service).places.set(place.environment, place);
  }
  for (const service of more) rowOf(service);
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The environments in the order of the configuration; then those that something ran in when they were still there. */
export function columnsOf(
  environments: StandingEnvironment[],
  places: ShownPlace[],
): string[] {
  return [
    ...new Set([
      ...environments.map(({ name }) => name),
      ...places.map(({ environment }) => environment).sort(),
    ]),
  ];
}
