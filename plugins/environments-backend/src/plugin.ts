import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  environmentOperations,
  environmentPermissions,
  ENVIRONMENTS_CHANNEL,
  pullRequestDelivery,
} from '@highroad/plugin-environments-common';
import {
  DatabaseDriver,
  environmentDatabaseExtensionPoint,
} from '@highroad/plugin-environments-node';
import {
  createOperationClient,
  SecretValue,
} from '@highroad/plugin-platform-common';
import {
  ChangeSignal,
  operationsServiceRef,
  ownFetchApi,
} from '@highroad/plugin-platform-node';
import {
  EntityRepositories,
  RepositoryLocator,
} from '@highroad/plugin-platform-node/git';
import { ManifestSource } from '@highroad/plugin-platform-node/manifests';
import {
  ImageRegistry,
  RegistrySettings,
} from '@highroad/plugin-platform-node/registry';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  ClusterAccess,
  ClusterClient,
  Places,
} from '@highroad/plugin-platform-node/kubernetes';
import {
  environmentAccessRules,
  environmentResourceRef,
  ownedEnvironments,
} from './access/environmentAccess';
import { createAnnouncer } from './announcing/createAnnouncer';
import { EnvironmentController } from './controller/EnvironmentController';
import { ownIdentity } from './controller/processIdentity';
import { startController } from './controller/startController';
import { PlatformSecrets } from './drivers/secrets/PlatformSecrets';
import { ClusterDriver } from './drivers/databases/cluster/ClusterDriver';
import { ServerDriver } from './drivers/databases/server/ServerDriver';
import { RepositoryManifests } from './drivers/manifests/RepositoryManifests';
import { RegistryImages } from './drivers/images/RegistryImages';
import { CatalogRepositories } from './drivers/repositories/CatalogRepositories';
import { RepositorySeedSource } from './drivers/seeds/RepositorySeedSource';
import { environmentImplementations } from './implementations';
import { pullRequestImplementations } from './pullRequestImplementations';
import { createPullRequests } from './pullRequests/createPullRequests';
import { EnvironmentService } from './service/EnvironmentService';
import { FollowingSecrets } from './service/FollowingSecrets';
import {
  EnvironmentChanges,
  KubernetesEnvironmentResources,
} from './service/KubernetesEnvironmentResources';
import { OrphanDatabases } from './service/OrphanDatabases';
import { Orphans } from './service/Orphans';
import {
  PreviewSettings,
  readPreviewSettings,
} from './service/PreviewSettings';
import { Recorder } from './service/Recorder';
import { Surroundings } from './service/Surroundings';
import { StandingDatabases } from './standing/StandingDatabases';
import { standingImplementations } from './standing/standingImplementations';
import { StandingTurns } from './standing/StandingTurns';
import { WantedDatabases } from './standing/WantedDatabases';

/** Makes environments on demand, watches over them, and takes them away when their time is up. */
export const environmentsPlugin = createBackendPlugin({
  pluginId: 'environments',
  register(env) {
    const drivers = new Map<string, DatabaseDriver>();
    env.registerExtensionPoint(environmentDatabaseExtensionPoint, {
      addDriver(name, driver) {
        if (drivers.has(name)) {
          throw new Error(`There is a driver "${name}" for databases already.`);
        }
        drivers.set(name, driver);
      },
    });
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        operations: operationsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auditor, auth, catalog, config } = deps;
        const { lifecycle, logger, operations, permissions } = deps;
        const { permissionsRegistry, signals, userInfo } = deps;
        const db = await deps.database.getClient();
        if (!deps.database.migrations?.skip) {
          await db.migrate.latest({
            directory: resolvePackagePath(
              '@highroad/plugin-environments-backend',
              'migrations',
            ),
          });
        }
        const now = () => new Date();
        const newPassword = () =>
          new SecretValue(randomBytes(24).toString('hex'));
        const random = () => Math.random();
        const holder = `${hostname()}-${process.pid}-${randomUUID()}`;
        const settings = readPreviewSettings(config);
        const { cluster } = settings;
        if (settings.databases.server && !drivers.has('server')) {
          drivers.set(
            'server',
            new ServerDriver({ settings: settings.databases.server }),
          );
        }
        const access = ClusterAccess.fromConfig(config);
        const registries = RegistrySettings.fromConfig(config);
        const images = new RegistryImages({
          ...{ logger, settings: registries, now: Date.now },
          registry: new ImageRegistry({ settings: registries }),
        });
        const fetchApi = ownFetchApi({ auth, discovery: deps.discovery });
        const places = Places.fromConfig(config);
        const { secretsFrom } = settings;
        if (secretsFrom && places.get(secretsFrom).production) {
          throw new InputError(
            `platform.previews.secretsFrom is "${secretsFrom}", which is production. Name another environment.`,
          );
        }
        const storedSecrets = createOperationClient(secretOperations, fetchApi);
        const secrets = new PlatformSecrets({
          ...{ auth, catalog, now, secrets: storedSecrets },
          ...(secretsFrom && { from: secretsFrom }),
        });
        const locator = RepositoryLocator.fromConfig(config);
        const repositories = new CatalogRepositories({
          ...{ auth, catalog },
          repositories: EntityRepositories.fromConfig(config),
        });
        // Not the folder that deployments may have configured.
        const manifestSource = await ManifestSource.fromConfig(config, {
          apart: true,
        });
        const changes = new EnvironmentChanges();
        const pages = new ChangeSignal({
          ...{ logger, signals },
          channel: ENVIRONMENTS_CHANNEL,
        });
        changes.listen(() => pages.tell());
        const recorder = new Recorder({ auditor, logger });
        const controller = new EnvironmentController({
          ...{ logger, jitter: random },
          missing:
            'No cluster is named for environments. Write the name of one under platform.previews.cluster in app-config.',
          ...(cluster && {
            client: () => new ClusterClient({ config: access.config(cluster) }),
          }),
          start: client =>
            startController({
              ...{ client, settings, drivers, images, logger, now, secrets },
              jitter: random,
              identity: ownIdentity(randomUUID()),
              seeds: new RepositorySeedSource({
                ...{ locator, services: repositories },
              }),
              manifests: new RepositoryManifests({
                ...{ locator, services: repositories },
                ...{ source: manifestSource, overlay: settings.overlay },
              }),
              newPassword,
              onChange: ({ type, object }) => changes.tell(type, object),
              onExpired: resource => recorder.expired(resource),
            }),
        });
        const resources = new KubernetesEnvironmentResources({
          ...{ changes, home: settings.namespace },
          cluster: () => controller.cluster(),
        });
        permissionsRegistry.addResourceType({
          resourceRef: environmentResourceRef,
          rules: environmentAccessRules,
          permissions: environmentPermissions.filter(
            one => one.type === 'resource',
          ),
          getResources: ownedEnvironments,
        });
        const connected = () => {
          const found = controller.cluster();
          return 'missing' in found ? found : found.client;
        };
        if (settings.databases.cluster && !drivers.has('cluster')) {
          drivers.set(
            'cluster',
            new ClusterDriver({
              settings: settings.databases.cluster,
              ...(settings.imagePullSecret && {
                pullSecret: settings.imagePullSecret,
              }),
              client: connected,
            }),
          );
        }
        const databases = new StandingDatabases({
          newPassword,
          driver: standingDriver(drivers, settings),
          secrets: storedSecrets,
          turns: new StandingTurns(db, { newId: randomUUID, now }),
          wanted: new WantedDatabases({ auth, catalog }),
        });
        const names = [...drivers.keys()];
        const pullRequests = createPullRequests({
          drivers: names,
          ...{ auditor, auth, catalog, config, db, holder, logger, now },
          ...{ random, settings, environments: resources },
        });
        operations.serve(environmentOperations, {
          ...pullRequestImplementations({
            ...{ auth, catalog, now, permissions, settings },
            door: pullRequests.door,
          }),
          ...standingImplementations({ databases, places }),
          ...environmentImplementations({
            ...{ now, permissions, resources, settings, userInfo },
            following: new FollowingSecrets({
              ...{ now, secrets, settings },
              cluster: () => controller.cluster(),
            }),
            service: new EnvironmentService({
              ...{ resources, settings, now, drivers: names },
            }),
            standing: places,
            orphanDatabases: new OrphanDatabases({
              ...{ client: connected, drivers, logger },
            }),
            orphans: new Orphans({
              ...{ client: connected, drivers, now, settings },
            }),
            surroundings: new Surroundings({ client: connected, settings }),
          }),
        });
        const announcer = createAnnouncer({
          ...{ auth, catalog, config, db, holder, logger, now, random },
          ...{ settings, environments: resources },
        });
        operations.receive(pullRequestDelivery, pullRequests.taker);
        lifecycle.addStartupHook(() => {
          controller.start();
          pullRequests.start();
          announcer?.start();
        });
        lifecycle.addShutdownHook(async () => {
          await announcer?.stop();
          await pullRequests.stop();
          await controller.stop();
          await manifestSource.close();
        });
      },
    });
  },
});

/** One that needs an environment's namespace makes none for services where these stand. */
function standingDriver(
  drivers: Map<string, DatabaseDriver>,
  { databases }: PreviewSettings,
): DatabaseDriver | undefined {
  const usual = drivers.get(databases.driver);
  return usual?.objects ? drivers.get('server') : usual;
}
