import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';

// The catalog reads bodies of up to 100 kB, and its client asks for at most
// 1,000 at a time, one after the other. Asking for smaller lots, a few at the
// same time, is faster for large numbers and the same for small ones.
const LOT = 500;
const AT_ONCE = 4;

function lotsOf(refs: string[]): string[][] {
  const lots: string[][] = [];
  for (let start = 0; start < refs.length; start += LOT) {
    lots.push(refs.slice(start, start + LOT));
  }
  return lots;
}

/**
 * Reads entities by reference, as far as the credentials may see them.
 *
 * @returns the ones that were found, by reference; what is missing either does
 *   not exist or may not be seen
 */
export async function readEntities(
  catalog: CatalogService,
  refs: string[],
  options: { credentials: BackstageCredentials; fields: string[] },
): Promise<Map<string, Entity>> {
  const found = new Map<string, Entity>();
  const lots = lotsOf(refs);
  const work = async () => {
    for (let lot = lots.shift(); lot; lot = lots.shift()) {
      const entityRefs = lot;
      const { items } = await catalog.getEntitiesByRefs(
        { entityRefs, fields: options.fields },
        { credentials: options.credentials },
      );
      entityRefs.forEach((ref, index) => {
        const entity = items[index];
        if (entity) {
          found.set(ref, entity);
        }
      });
    }
  };
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, lots.length) }, work),
  );
  return found;
}
