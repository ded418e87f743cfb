import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { ServiceSecrets } from '../matrix/ServiceSecrets';
import { StoreNotice } from '../page/StoreNotice';

/** The secrets of the service that the page is about. */
export function SecretsTab() {
  const { entity } = useEntity();
  const service = stringifyEntityRef(entity);
  return (
    <>
      <StoreNotice />
      <ServiceSecrets key={service} service={service} />
    </>
  );
}
