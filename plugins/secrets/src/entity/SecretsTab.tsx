import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { ServiceSecrets } from '../matrix/ServiceSecrets';
import { StoreNotice } from '../page/StoreNotice';
import { useStoreStatus } from '../page/useStoreStatus';

/** The secrets of the service that the page is about. */
export function SecretsTab() {
  const { entity } = useEntity();
  const status = useStoreStatus();
  const service = stringifyEntityRef(entity);
  return (
    <>
      <StoreNotice status={status} />
      <ServiceSecrets key={service} service={service} />
    </>
  );
}
