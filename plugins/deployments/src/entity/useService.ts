import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';

/** The service that the page is about. */
export function useService(): { service: string; name: string } {
  const { entity } = useEntity();
  return { service: stringifyEntityRef(entity), name: entity.metadata.name };
}
