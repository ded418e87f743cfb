import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { nearestNames } from '@highroad/plugin-platform-common';

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
  const near = nearestNames(
    name,
    items.map(item => item.metadata.name),
  );

  const guess = near.length ? ` Did you mean ${near.join(', ')}?` : '';
  return `The ${field} "${ref.replace(
    /^\w+:default\//,
    '',
  )}" is not in the catalog.${guess}`;
}
