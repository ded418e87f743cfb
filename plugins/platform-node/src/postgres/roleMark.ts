/** Begins the comment on each database and role that the platform made; whose it is comes after it. */
export const ROLE_MARK = 'highroad environment ';

/** @param owner - uid of an environment on demand, or what {@link standingOwner} gives */
export function roleMark(owner: string): string {
  return `${ROLE_MARK}${owner}`;
}

/** A service where it stands. With a space in it, which no uid has. */
export function standingOwner(place: {
  service: string;
  environment: string;
}): string {
  return `${place.environment} ${place.service}`;
}
