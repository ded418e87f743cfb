import actions from '@backstage/plugin-mcp-actions-backend';
import app from '@backstage/plugin-app-backend';
import auth from '@backstage/plugin-auth-backend';
import authGithub from '@backstage/plugin-auth-backend-module-github-provider';
import authOidc from '@backstage/plugin-auth-backend-module-oidc-provider';
import catalog from '@backstage/plugin-catalog-backend';
import catalogLogs from '@backstage/plugin-catalog-backend-module-logs';
import catalogScaffolderModel from '@backstage/plugin-catalog-backend-module-scaffolder-entity-model';
import events from '@backstage/plugin-events-backend';
import kubernetes from '@backstage/plugin-kubernetes-backend';
import notifications from '@backstage/plugin-notifications-backend';
import permission from '@backstage/plugin-permission-backend';
import scaffolder from '@backstage/plugin-scaffolder-backend';
import scaffolderGitea from '@backstage/plugin-scaffolder-backend-module-gitea';
import scaffolderGithub from '@backstage/plugin-scaffolder-backend-module-github';
import scaffolderNotifications from '@backstage/plugin-scaffolder-backend-module-notifications';
import scaffolderWorkspace from '@backstage/plugin-scaffolder-backend-module-workspace-database';
import search from '@backstage/plugin-search-backend';
import searchCatalog from '@backstage/plugin-search-backend-module-catalog';
import searchPg from '@backstage/plugin-search-backend-module-pg';
import searchTechdocs from '@backstage/plugin-search-backend-module-techdocs';
import signals from '@backstage/plugin-signals-backend';
import techdocs from '@backstage/plugin-techdocs-backend';
import userSettings from '@backstage/plugin-user-settings-backend';
import audit from '@highroad/plugin-audit-backend';
import authPlatform from '@highroad/plugin-auth-backend-module-platform';
import catalogPlatform from '@highroad/plugin-catalog-backend-module-platform';
import deployments from '@highroad/plugin-deployments-backend';
import environments from '@highroad/plugin-environments-backend';
import kubernetesPlatform from '@highroad/plugin-kubernetes-backend-module-platform';
import localRepositories from '@highroad/plugin-local-repositories-backend';
import metrics from '@highroad/plugin-metrics-backend';
import permissionPlatform from '@highroad/plugin-permission-backend-module-platform';
import sandbox from '@highroad/plugin-sandbox-backend';
import secrets from '@highroad/plugin-secrets-backend';
import scaffolderPlatform from '@highroad/plugin-scaffolder-backend-module-platform';

/** All that this backend consists of. */
export const features = [
  // The portal itself
  events,
  app,
  userSettings,
  notifications,
  signals,

  // Who may come in, what they may do, and what is kept of it
  auth,
  authGithub,
  authOidc,
  authPlatform,
  permission,
  permissionPlatform,
  audit,

  // Catalog
  catalog,
  catalogScaffolderModel,
  catalogLogs,
  catalogPlatform,

  // Create
  scaffolder,
  scaffolderGithub,
  scaffolderGitea,
  scaffolderNotifications,
  scaffolderWorkspace,
  scaffolderPlatform,
  localRepositories,

  // Read
  techdocs,
  search,
  searchPg,
  searchCatalog,
  searchTechdocs,

  // Run
  kubernetes,
  kubernetesPlatform,
  deployments,
  environments,
  secrets,
  metrics,
  sandbox,

  // Doors for machines
  actions,
];
