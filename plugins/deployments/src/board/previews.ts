import {
  Environment,
  EnvironmentPhase,
  serviceRefOf,
} from '@highroad/plugin-environments-common';

/** What a person should look at. */
const TROUBLED: EnvironmentPhase[] = ['refused', 'degraded', 'failed'];

export function isTroubled({ phase }: Environment): boolean {
  return TROUBLED.includes(phase);
}

/** The environments on demand by the services that are in them. */
export function previewsByService(
  items: Environment[],
): Map<string, Environment[]> {
  const found = new Map<string, Environment[]>();
  for (const one of items) {
    for (const { name } of one.services) {
      const service = serviceRefOf(name);
      found.set(service, [...(found.get(service) ?? []), one]);
    }
  }
  return found;
}

/** `2 previews, 1 in trouble` */
export function previewsText(items: Environment[]): string {
  const many = items.length === 1 ? '1 preview' : `${items.length} previews`;
  const troubled = items.filter(isTroubled).length;
  return troubled > 0 ? `${many}, ${troubled} in trouble` : many;
}

/** Whether two looks would be told in the same words. */
export function areAlike(
  one: Environment[] = [],
  other: Environment[] = [],
): boolean {
  return previewsText(one) === previewsText(other);
}
