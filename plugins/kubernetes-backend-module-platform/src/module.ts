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
        auditor: coreServices.auditor,
        httpAuth: coreServices.httpAuth,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        router: kubernetesRouterExtensionPoint,
      },
      async init(deps) {
        const { auditor, httpAuth, logger, permissions } = deps;
        const { permissionsRegistry, router } = deps;
        permissionsRegistry.addPermissions([clusterOperatePermission]);
        router.addRouter(({ getDefault }) => {
          const guarded = createPromiseRouter();
          guarded.use(
            '/proxy',
            guardProxy({ auditor, httpAuth, logger, permissions }),
          );
          guarded.use(getDefault());
          return guarded;
        });
      },
    });
  },
});
