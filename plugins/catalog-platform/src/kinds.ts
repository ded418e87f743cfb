import { Entity } from '@backstage/catalog-model';
import { findingsOf } from '@highroad/plugin-catalog-platform-common';

const DEPENDING = ['component', 'api', 'resource', 'system', 'domain'];

/** True for things that others can depend on; not for people, teams or templates. */
export function canDepend(entity: Entity): boolean {
  return DEPENDING.includes(entity.kind.toLowerCase());
}

/** True where something is known to be wrong, or where a look at other things can show it. */
export function mayHaveFindings(entity: Entity): boolean {
  return canDepend(entity) || findingsOf(entity).length > 0;
}
