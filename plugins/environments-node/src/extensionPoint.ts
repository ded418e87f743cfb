import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { DatabaseDriver } from './DatabaseDriver';

/** Takes drivers in, which `databases[].driver` of an environment then names. */
export interface EnvironmentDatabaseExtensionPoint {
  /**
   * @param name - what environments and the configuration call it, such as `server`
   * @throws Error if there is one of that name already
   */
  addDriver(name: string, driver: DatabaseDriver): void;
}

/** Where a module adds a way to make databases. */
export const environmentDatabaseExtensionPoint =
  createExtensionPoint<EnvironmentDatabaseExtensionPoint>({
    id: 'environments.databases',
  });
