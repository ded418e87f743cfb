/**
 * Who may do what. Another policy can take the place of `permissionModulePlatform`: the domains ask Backstage's permission
 * system and nothing else. The rest of this package is wanted with any policy: what tokens of machines may do, and the table
 * of all that can be done.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { authServiceFactory } from './machines/authServiceFactory';
import { httpAuthServiceFactory } from './machines/httpAuthServiceFactory';
import { permissionsServiceFactory } from './machines/permissionsServiceFactory';
import { permissionModulePlatform } from './module';
import { permissionModuleOperations } from './table/module';

export default createBackendFeatureLoader({
  *loader() {
    yield permissionModulePlatform;
    yield permissionModuleOperations;
    yield permissionsServiceFactory;
    yield httpAuthServiceFactory;
    yield authServiceFactory;
  },
});
export { permissionModulePlatform } from './module';
export { permissionModuleOperations } from './table/module';
export { permissionsServiceFactory } from './machines/permissionsServiceFactory';
export { httpAuthServiceFactory } from './machines/httpAuthServiceFactory';
export { authServiceFactory } from './machines/authServiceFactory';
