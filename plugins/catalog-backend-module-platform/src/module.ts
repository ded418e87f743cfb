import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { catalogPlatformOperations } from '@highroad/plugin-catalog-platform-common';
import { operationsServiceRef } from '@highroad/plugin-platform-node';
import { DependencyService } from './dependencies/DependencyService';
import { CatalogCheck } from './findings/CatalogCheck';
import { FindingsService } from './findings/FindingsService';
import { implementCatalogPlatform } from './implementations';
import { PlatformAnnotationsProcessor } from './processor/PlatformAnnotationsProcessor';
import { readPlatformCatalogConfig } from './readConfig';

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
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        operations: operationsServiceRef,
        processing: catalogProcessingExtensionPoint,
      },
      async init(deps) {
        const { auth, catalog, operations } = deps;
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
          check: new CatalogCheck({ auth, catalog }),
        });
        // Modules start before their plugin, so these routes are asked first.
        operations.serve(
          catalogPlatformOperations,
          implementCatalogPlatform({ dependencies, findings }),
        );
      },
    });
  },
});
