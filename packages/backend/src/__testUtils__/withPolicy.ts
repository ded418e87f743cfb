import {
  BackendFeature,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { PermissionPolicy } from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import permissionPlatform, {
  authServiceFactory,
  httpAuthServiceFactory,
  permissionModuleOperations,
  permissionsServiceFactory,
} from '@highroad/plugin-permission-backend-module-platform';

/** Puts another policy in the place of the shipped one, as the documentation says how. */
export function withPolicy(
  features: BackendFeature[],
  policy: PermissionPolicy,
): BackendFeature[] {
  const other = createBackendModule({
    pluginId: 'permission',
    moduleId: 'other-policy',
    register: env =>
      env.registerInit({
        deps: { point: policyExtensionPoint },
        init: async ({ point }) => point.setPolicy(policy),
      }),
  });
  return [
    ...features.filter(feature => feature !== permissionPlatform),
    ...[authServiceFactory, httpAuthServiceFactory, permissionsServiceFactory],
    ...[permissionModuleOperations, other],
  ];
}
