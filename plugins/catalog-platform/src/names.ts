import { parseEntityRef } from '@backstage/catalog-model';

/** The short name of a reference, for people: without kind and the default namespace. */
export function shortName(ref: string): string {
  const { namespace, name } = parseEntityRef(ref);
  return namespace === 'default' ? name : `${namespace}/${name}`;
}

/** `1 thing`, `2 things`. */
export function things(count: number): string {
  return count === 1 ? '1 thing' : `${count} things`;
}
