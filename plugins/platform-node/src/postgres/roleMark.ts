/** Begins the comment on each database and role that the platform made; whose it is comes after it. */
export const ROLE_MARK = 'highroad environment ';

const IN_CLUSTER = ' in cluster ';

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

/** @returns nothing for a comment that is not the platform's */
export function readRoleMark(comment: string): MarkedOwner | undefined {
  if (!comment.startsWith(ROLE_MARK)) return undefined;
  const [owner, cluster] = comment.slice(ROLE_MARK.length).split(IN_CLUSTER);
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
