/** As many characters as a column for names holds, by which records are searched. */
export const LONGEST_NAME = 255;

/**
 * All environments that a record is about: the one that it names, or those in which it was done at once, which stand in its
 * `meta.environments`. Each once.
 */
export function environmentsOf(said: {
  environment?: unknown;
  meta?: unknown;
}): string[] {
  const { environment, meta } = said;
  const several = isObject(meta) ? meta.environments : undefined;
  const all = [environment, ...(Array.isArray(several) ? several : [])];
  return [...new Set(all.filter(isName))];
}

/** Those that are not searched by as the one that it names, in the order of the alphabet. */
export function furtherEnvironmentsOf(
  said: Parameters<typeof environmentsOf>[0],
): string[] {
  return environmentsOf(said)
    .filter(name => name !== said.environment)
    .sort();
}

function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= LONGEST_NAME
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
