import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createOperations } from '@highroad/plugin-create-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { operationsServiceRef } from '@highroad/plugin-platform-node';
import { createAwaitEntityAction } from './actions/awaitEntity';
import { createClaimAction } from './actions/claim';
import { createDescribeAction } from './actions/describe';
import { createDiscardEmptyAction } from './actions/discardEmpty';
import { createLayersAction } from './actions/layers';
import { createPublishGiteaAction } from './actions/publishGitea';
import { createPublishGithubAction } from './actions/publishGithub';
import { createPublishLocalAction } from './actions/publishLocal';
import { GitHosts } from './git-hosts/GitHosts';
import { implementCreation } from './implementations';
import { readCanaryRouter } from './service/canaryRouter';
import { Previews } from './service/Previews';
import { RunningCreations } from './service/RunningCreations';
import { ScaffolderBackend } from './service/ScaffolderBackend';
import { ServiceNames } from './service/ServiceNames';

/** The platform's own scaffolder actions, and what the form and the command line ask beforehand. */
export const scaffolderModulePlatform = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'platform',
  register(reg) {
    reg.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        operations: operationsServiceRef,
        reader: coreServices.urlReader,
      },
      async init({
        actions,
        auditor,
        auth,
        catalog,
        config,
        discovery,
        operations,
        reader,
      }) {
        const integrations = ScmIntegrations.fromConfig(config);
        const gitHosts = GitHosts.fromConfig(config);
        const scaffolder = new ScaffolderBackend({ auth, discovery });
        const names = new ServiceNames({
          ...{ catalog, gitHosts },
          running: new RunningCreations({ scaffolder }),
        });

        actions.addActions(
          createClaimAction({
            names,
            catalog,
            domain: config.getOptionalString('platform.create.domain'),
            canaryRouter: readCanaryRouter(config),
            modulePrefix: config.getOptionalString(
              'platform.create.modulePrefix',
            ),
            imagePrefix: config.getOptionalString(
              'platform.create.imagePrefix',
            ),
          }),
          createLayersAction({ reader, integrations }),
          createPublishGiteaAction({ integrations, config }),
          createPublishGithubAction({ integrations, config, gitHosts }),
          createPublishLocalAction({
            repositories: LocalRepositories.fromConfig(config),
            config,
          }),
          createAwaitEntityAction({ auditor, catalog }),
          createDescribeAction({ gitHosts }),
          createDiscardEmptyAction({ gitHosts }),
        );

        operations.serve(
          createOperations,
          implementCreation({
            catalog,
            names,
            gitHosts,
            previews: new Previews({
              catalog,
              reader,
              integrations,
              scaffolder,
            }),
          }),
        );
      },
    });
  },
});
