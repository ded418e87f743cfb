import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { registerDependentsAction } from './actions/dependentsAction';
import { registerFindingsAction } from './actions/findingsAction';
import { DependencyService } from './dependencies/DependencyService';
import { DanglingReferences } from './findings/DanglingReferences';
import { FindingsService } from './findings/FindingsService';
import { PlatformAnnotationsProcessor } from './processor/PlatformAnnotationsProcessor';
import { readPlatformCatalogConfig } from './readConfig';
import { createRouter } from './router';

/**
 * Adds to the catalog: checks of the platform's annotations, links that follow
 * from them, and answers to "what depends on this?" and "what is wrong?".
 */
export const catalogModulePlatform = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'platform',
  register(env) {
    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        processing: catalogProcessingExtensionPoint,
      },
      async init(deps) {
        const { actionsRegistry, auth, catalog, httpAuth, httpRouter } = deps;
        const settings = readPlatformCatalogConfig(deps.config);
        deps.processing.addProcessor(
          new PlatformAnnotationsProcessor(settings),
        );
        const dependencies = new DependencyService({
          catalog,
          pagerDutyUrl: settings.pagerDutyUrl,
        });
        const findings = new FindingsService({
          catalog,
          dangling: new DanglingReferences({ auth, catalog }),
        });
        // Modules start before their plugin, so these routes are asked first.
        httpRouter.use(createRouter({ httpAuth, dependencies, findings }));
        registerDependentsAction(actionsRegistry, dependencies);
        registerFindingsAction(actionsRegistry, findings);
      },
    });
  },
});
