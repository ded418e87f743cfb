import { Entity } from '@backstage/catalog-model';

/** A text of an entity's spec; empty where there is none. */
export function text(entity: Entity, field: string): string {
  const value = entity.spec?.[field];
  return typeof value === 'string' ? value : '';
}
