import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  deploymentOperations,
  DEPLOYMENTS_CHANNEL,
  DEVIATIONS_CHANNEL,
} from '@highroad/plugin-deployments-common';
import { deploymentsEngineExtensionPoint } from '@highroad/plugin-deployments-node';
import {
  ChangeSignal,
  operationsServiceRef,
  ownFetchApi,
} from '@highroad/plugin-platform-node';
import { hostname } from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import { DeliveryStore } from './database/DeliveryStore';
import { CheckedReferenceStore } from './database/CheckedReferenceStore';
import { ManifestStore } from './database/ManifestStore';
import { OutboxStore } from './database/outbox';
import { ReadStore } from './database/ReadStore';
import { RequestStore } from './database/RequestStore';
import { WorkStore } from './database/WorkStore';
import { createDriftWatcher } from './drift/createDriftWatcher';
import { createDiagnostician } from './diagnosis/createDiagnostician';
import { deviationImplementations } from './deviations/deviationImplementations';
import { readDeviationSettings } from './deviations/DeviationSettings';
import { DeviationStore } from './deviations/DeviationStore';
import { dayAfter } from './deviations/until';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import {
  ImageRegistry,
  RegistrySettings,
} from '@highroad/plugin-platform-node/registry';
import { SecretKeys } from './drivers/cluster/SecretKeys';
import { DirectEngine } from './drivers/engine/direct/DirectEngine';
import { DEFAULT_ENGINE, Engines } from './drivers/engine/Engines';
import { RepositoryLocator } from '@highroad/plugin-platform-node/git';
import { ManifestSource } from '@highroad/plugin-platform-node/manifests';
import { noNumbers, Prometheus } from './drivers/prometheus/Prometheus';
import { readPrometheusSettings } from './drivers/prometheus/PrometheusSettings';
import { deploymentImplementations } from './implementations';
import { CommitHistory } from './preview/CommitHistory';
import { Previews } from './preview/Previews';
import { versionImplementations } from './preview/versionImplementations';
import { Versions } from './preview/Versions';
import { ReadinessWatch } from './readiness/ReadinessWatch';
import { CatalogServices } from './service/CatalogServices';
import { Changes } from './service/Changes';
import { CatalogContacts } from './service/delivery/Contacts';
import { createDeliverers } from './service/delivery/createDeliverers';
import { DeploymentService } from './service/DeploymentService';
import { Environments } from './service/EnvironmentSettings';
import { Recorder } from './service/Recorder';
import { SecretReferences } from './service/SecretReferences';
import { SecretsCheck } from './service/SecretsCheck';
import { KeptLooks } from './service/KeptLooks';
import { unjudgedWarning } from './service/conditions/unjudged';
import { StandardChecks } from './service/StandardChecks';
import { StandingDatabases } from './service/StandingDatabases';
import { Stepper } from './service/Stepper';
import { StoredSecrets } from './service/StoredSecrets';
import { Worker } from './service/Worker';

/** A registry may take so long to say what an image is, in several answers, in milliseconds: nobody waits for it at a page. */
const CHECK_MS = 15_000;

/** Brings versions of services to environments, watches over them, and puts back what fails. */
export const deploymentsPlugin = createBackendPlugin({
  pluginId: 'deployments',
  register(env) {
    const engines = new Engines();
    env.registerExtensionPoint(deploymentsEngineExtensionPoint, engines);
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
        notifications: notificationService,
        operations: operationsServiceRef,
        permissions: coreServices.permissions,
        signals: signalsServiceRef,
      },
      async init({
        auditor,
        auth,
        catalog,
        config,
        database,
        discovery,
        lifecycle,
        logger,
        notifications,
        operations,
        permissions,
        signals,
      }) {
        const db = await database.getClient();
        if (!database.migrations?.skip) {
          await db.migrate.latest({
            directory: resolvePackagePath(
              '@highroad/plugin-deployments-backend',
              'migrations',
            ),
          });
        }
        const now = () => new Date();
        const newId = () => uuidv7();
        const environments = Environments.fromConfig(config);
        const access = ClusterAccess.fromConfig(config);
        engines.addEngine(DEFAULT_ENGINE, new DirectEngine({ access }));
        engines.require(environments.all());
        Engines.requireClusters(environments.all(), access.names());
        const prometheus = readPrometheusSettings(config);
        const warning = unjudgedWarning(prometheus, environments.all());
        if (warning) logger.warn(warning);
        const services = new CatalogServices({
          auth,
          catalog,
          imagePrefix: config.getOptionalString('platform.create.imagePrefix'),
          repositories: EntityRepositories.fromConfig(config),
        });
        const requests = new RequestStore(db, { newId });
        const reader = new ReadStore(db);
        const manifests = new ManifestStore(db);
        const deviations = {
          settings: readDeviationSettings(config),
          store: new DeviationStore(db, { newId, now }),
        };
        const changes = new Changes();
        const recorder = new Recorder({ auditor });
        const settings = RegistrySettings.fromConfig(config);
        const registry = new ImageRegistry({ settings });
        const patient = new ImageRegistry({
          ...{ settings, timeoutMs: CHECK_MS },
        });
        const fetchApi = ownFetchApi({ auth, discovery });
        const secrets = new SecretsCheck({
          cluster: new SecretKeys({ access }),
          kept: new StoredSecrets({ fetchApi }),
          provider: new StandingDatabases({ fetchApi }),
        });
        const source = await ManifestSource.fromConfig(config);
        lifecycle.addShutdownHook(() => source.close());
        const checked = new CheckedReferenceStore(db);
        const checks = new StandardChecks({
          references: new KeptLooks({ logger, store: checked }),
          ...{ now, secrets, services, registry: patient },
          allConditions: environments.conditionNames(),
          prometheus: prometheus?.urlFromCluster,
          deviations: deviations.store,
          lastDay: () => dayAfter(now(), deviations.settings.maxDays),
          manifests: source,
        });
        const stepper = new Stepper({
          checks,
          ...{ engines, environments, manifests, reader, recorder, now },
          clockId: newId(),
          random: Math.random,
          numbers: prometheus ? new Prometheus(prometheus) : noNumbers,
        });
        const worker = new Worker({
          ...{ logger, now, reader, recorder, stepper },
          holder: `${hostname()}-${process.pid}`,
          onChange: id => changes.tell(id),
          work: new WorkStore(db, { requests, newId }),
        });
        changes.onAny(id => worker.wake(id));
        const pages = new ChangeSignal({
          ...{ logger, signals },
          channel: DEPLOYMENTS_CHANNEL,
        });
        const deviationPages = new ChangeSignal({
          ...{ logger, signals },
          channel: DEVIATIONS_CHANNEL,
        });
        changes.onAny(() => pages.tell());
        lifecycle.addStartupHook(() => worker.start());
        lifecycle.addShutdownHook(() => worker.stop());
        const drift = createDriftWatcher({
          ...{ config, db, environments, logger, manifests, newId, now },
          ...{ reader, services },
          onChange: () => pages.tell(),
        });
        lifecycle.addStartupHook(() => drift.watcher.start());
        lifecycle.addShutdownHook(() => drift.watcher.stop());
        const readiness = new ReadinessWatch({
          ...{ access, logger },
          // What another engine takes for a cluster, only that knows.
          clusters: environments
            .all()
            .filter(({ engine }) => engine === DEFAULT_ENGINE)
            .map(({ cluster }) => cluster),
          jitter: Math.random,
          onChange: () => pages.tell(),
        });
        lifecycle.addStartupHook(() => readiness.start());
        lifecycle.addShutdownHook(() => readiness.stop());
        const deliverers = await createDeliverers({
          ...{ config, environments, logger, notifications, now, reader },
          contacts: new CatalogContacts({ auth, catalog }),
          store: new DeliveryStore(db),
        });
        for (const deliverer of deliverers) {
          changes.onAny(() => deliverer.wake());
          lifecycle.addStartupHook(() => deliverer.start());
          lifecycle.addShutdownHook(() => deliverer.stop());
        }

        operations.serve(
          deploymentOperations,
          deploymentImplementations({
            deviations: deviationImplementations({
              ...{ environments, now, permissions, services },
              ...deviations,
              onChange: () => deviationPages.tell(),
            }),
            versions: versionImplementations({
              logger,
              versions: new Versions({ reader, registry, services }),
              previews: new Previews({
                ...{ checks, environments, manifests, newId, now },
                ...{ reader, services },
                history: new CommitHistory({
                  locator: RepositoryLocator.fromConfig(config),
                }),
              }),
            }),
            diagnostician: createDiagnostician({
              ...{ config, environments, now, reader, services },
              drift: drift.store,
            }),
            drift: drift.store,
            environments,
            readiness,
            references: new SecretReferences({
              ...{ checked, manifests, now, reader },
            }),
            service: new DeploymentService({
              ...{ changes, environments, manifests, now, reader, requests },
              outbox: new OutboxStore(db),
              services,
            }),
          }),
        );
      },
    });
  },
});
