import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';

/**
 * The whole reference of an owner; a plain word is a group's name.
 *
 * @throws TypeError for what is no reference
 */
export function wholeOwner(reference: string): string {
  return stringifyEntityRef(
    parseEntityRef(reference, {
      defaultKind: 'group',
      defaultNamespace: 'default',
    }),
  );
}
