import { urlReaderFactoriesServiceRef } from '@backstage/backend-defaults/urlReader';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { LocalRepositoriesUrlReader } from '@highroad/plugin-local-repositories-node';

export const localRepositoriesUrlReader = createServiceFactory({
  service: urlReaderFactoriesServiceRef,
  deps: {},
  factory: () => LocalRepositoriesUrlReader.factory,
});
