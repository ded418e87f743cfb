/**
 * Who may do what. Leave this package out, or put another policy in its place: the domains ask Backstage's permission
 * system and nothing else.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { authServiceFactory } from './machines/authServiceFactory';
import { httpAuthServiceFactory } from './machines/httpAuthServiceFactory';
import { permissionsServiceFactory } from './machines/permissionsServiceFactory';
import { permissionModulePlatform } from './module';

export default createBackendFeatureLoader({
  *loader() {
    yield permissionModulePlatform;
    yield permissionsServiceFactory;
    yield httpAuthServiceFactory;
    yield authServiceFactory;
  },
});
export { permissionModulePlatform } from './module';
export { permissionsServiceFactory } from './machines/permissionsServiceFactory';
export { httpAuthServiceFactory } from './machines/httpAuthServiceFactory';
export { authServiceFactory } from './machines/authServiceFactory';
