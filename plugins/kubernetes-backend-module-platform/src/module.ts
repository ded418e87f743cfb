import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { kubernetesRouterExtensionPoint } from '@backstage/plugin-kubernetes-node';
import createPromiseRouter from 'express-promise-router';
import { clusterOperatePermission } from './clusterOperatePermission';
import { guardProxy } from './guardProxy';

/** Has the proxy to clusters give everyone the logs of pods, and the rest to those who operate clusters. */
export const kubernetesModulePlatform = createBackendModule({
  pluginId: 'kubernetes',
  moduleId: 'platform',
  register(env) {
    env.registerInit({
      deps: {
        httpAuth: coreServices.httpAuth,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        router: kubernetesRouterExtensionPoint,
      },
      async init({ httpAuth, permissions, permissionsRegistry, router }) {
        permissionsRegistry.addPermissions([clusterOperatePermission]);
        router.addRouter(({ getDefault }) => {
          const guarded = createPromiseRouter();
          guarded.use('/proxy', guardProxy({ httpAuth, permissions }));
          guarded.use(getDefault());
          return guarded;
        });
      },
    });
  },
});
