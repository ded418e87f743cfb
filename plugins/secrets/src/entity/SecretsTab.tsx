import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { ServiceSecrets } from '../matrix/ServiceSecrets';
import { StoreNotice } from '../page/StoreNotice';

/** The secrets of the service that the page is about. */
export function SecretsTab() {
  const { entity } = useEntity();
  return (
    <>
      <StoreNotice />
      <ServiceSecrets service={stringifyEntityRef(entity)} />
    </>
  );
}
