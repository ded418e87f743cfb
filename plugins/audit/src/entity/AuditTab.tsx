import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Records } from '../page/Records';

/** What was done to this service. */
export function AuditTab() {
  const { entity } = useEntity();
  return <Records service={stringifyEntityRef(entity)} />;
}
