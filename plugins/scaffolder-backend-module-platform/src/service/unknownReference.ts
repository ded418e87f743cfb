import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';

/**
 * Explains a reference to something that is not in the catalog, with up to three names that are close to it.
 *
 * @param field - what the person called it, for example "owner"
 * @returns undefined if the reference leads somewhere the person may see
 */
export async function explainUnknownReference(
  field: string,
  ref: string,
  options: { catalog: CatalogService; credentials: BackstageCredentials },
): Promise<string | undefined> {
  const { catalog, credentials } = options;
  if (await catalog.getEntityByRef(ref, { credentials })) return undefined;

  const { kind, name } = parseEntityRef(ref);
  const { items } = await catalog.getEntities(
    { filter: { kind }, fields: ['metadata.name'], limit: 1000 },
    { credentials },
  );
  const near = items
    .map(item => ({
      name: item.metadata.name,
      distance: editDistance(item.metadata.name, name),
    }))
    .filter(({ name: other, distance }) => {
      return distance <= 3 || other.includes(name) || name.includes(other);
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(item => item.name);

  return (
    `The ${field} "${name}" is not in the catalog.` +
    (near.length ? ` Did you mean ${near.join(', ')}?` : '')
  );
}

/** Levenshtein distance: how many letters to insert, remove or replace. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      current[j] = Math.min(
        previous[j] + 1,
        current[j - 1] + 1,
        previous[j - 1] + Number(a[i - 1] !== b[j - 1]),
      );
    }
    previous = current;
  }
  return previous[b.length];
}
