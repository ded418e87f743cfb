import { EnvironmentResource } from '../service/EnvironmentResources';

type Holder = Pick<
  EnvironmentResource,
  'uid' | 'name' | 'deletedAt' | 'status'
>;

/**
 * Which environments hold a place, and whose. Kept by the one controller that works, so that of two that come at the
 * same moment only one gets the last place; after a restart it is known again from what has a namespace.
 */
export class Places {
  readonly #quota: { perTeam: number; total: number };
  readonly #held = new Map<string, string>();

  constructor(quota: { perTeam: number; total: number }) {
    this.#quota = quota;
  }

  /**
   * Takes a place, or says why there is none and what could be ended for it.
   *
   * @param owner - reference of the group that owns it
   * @param all - all environments there are
   */
  take(resource: Holder, owner: string, all: Holder[]): string | undefined {
    const holds =
      resource.status.namespace !== undefined || this.#held.has(resource.uid);
    const problem = holds ? undefined : this.#problem(resource, owner, all);
    if (!problem) this.#held.set(resource.uid, owner);
    return problem;
  }

  /** When an environment is gone. */
  release(uid: string): void {
    this.#held.delete(uid);
  }

  #problem(resource: Holder, owner: string, all: Holder[]): string | undefined {
    const { perTeam, total } = this.#quota;
    const others = all.filter(
      ({ uid, status }) =>
        uid !== resource.uid && (status.namespace || this.#held.has(uid)),
    );
    const ofTeam = others.filter(
      ({ uid, status }) => (this.#held.get(uid) ?? status.owner) === owner,
    );
    if (ofTeam.length >= perTeam) {
      return `${owner} has ${
        ofTeam.length
      } of the ${perTeam} environments that it may have. ${toEnd(ofTeam)}`;
    }
    if (others.length >= total) {
      const there = `There are ${others.length} of the ${total} environments that there may be.`;
      const fix = ofTeam.length > 0 ? toEnd(ofTeam) : whenOneEnds(others);
      return `${there} ${fix}`;
    }
    return undefined;
  }
}

/** Those that end soonest are missed least. */
function toEnd(environments: Holder[]): string {
  const going = environments.find(one => one.deletedAt);
  if (going) {
    return `${going.name} is being ended already; this one is made when it is gone.`;
  }
  const soonest = bySoonest(environments)
    .slice(0, 3)
    .map(({ name, status }) => `${name} (${endOf(status)})`);
  return soonest.length > 0
    ? `End one: ${soonest.join(', ')}.`
    : 'The platform team decides how many.';
}

/** Whoever cannot end any of them need not be told their names. */
function whenOneEnds(environments: Holder[]): string {
  if (environments.some(one => one.deletedAt)) {
    return 'One of another team is being ended already; this one is made when it is gone.';
  }
  const [first] = bySoonest(environments);
  const when = first?.status.expiresAt
    ? `the first ${endOf(first.status)}`
    : 'none has an end';
  return `None of them is yours, and ${when}: the platform team can end one, or allow more.`;
}

function bySoonest(environments: Holder[]): Holder[] {
  return [...environments].sort((a, b) =>
    (a.status.expiresAt ?? '9').localeCompare(b.status.expiresAt ?? '9'),
  );
}

function endOf({ expiresAt, namespace }: Holder['status']): string {
  if (expiresAt) return `ends ${expiresAt.slice(0, 16).replace('T', ' ')} UTC`;
  return namespace ? 'kept' : 'being made';
}
