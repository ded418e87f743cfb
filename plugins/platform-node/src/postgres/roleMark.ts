/** Begins the comment on each database and role that the platform made; whose it is comes after it. */
export const ROLE_MARK = 'highroad environment ';

const IN_CLUSTER = ' in cluster ';

/** What roles that take turns say behind it: for which key, and of when who changed them last was. */
const IN_TURN = / for [A-Za-z_][A-Za-z0-9_]* \d+$/;

/** Whose a database or a role is. */
export interface MarkedOwner {
  /** Uid of an environment on demand, or what {@link standingOwner} gives */
  owner: string;
  /** Uid of the cluster that the environment on demand is in: several platforms may use one server */
  cluster?: string;
}

export function roleMark({ owner, cluster }: MarkedOwner): string {
  return `${ROLE_MARK}${owner}${cluster ? `${IN_CLUSTER}${cluster}` : ''}`;
}

/**
 * Of a role that takes turns with another.
 *
 * @param turn.key - of the secret that it is for
 * @param turn.fence - of who changed it last: whoever has a smaller one came too late
 */
export function turnMark(
  mark: string,
  turn: { key: string; fence: number },
): string {
  return `${mark} for ${turn.key} ${turn.fence}`;
}

/** @returns nothing for a comment that is not the platform's */
export function readRoleMark(comment: string): MarkedOwner | undefined {
  if (!comment.startsWith(ROLE_MARK)) return undefined;
  const whose = comment.slice(ROLE_MARK.length).replace(IN_TURN, '');
  const [owner, cluster] = whose.split(IN_CLUSTER);
  return { owner, ...(cluster && { cluster }) };
}

/** Whether it is a service where it stands, and no environment on demand. */
export function isStanding({ owner }: MarkedOwner): boolean {
  return owner.includes(' ');
}

/** A service where it stands. With a space in it, which no uid has. */
export function standingOwner(place: {
  service: string;
  environment: string;
}): string {
  return `${place.environment} ${place.service}`;
}
