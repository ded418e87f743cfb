import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { environmentOperations } from '@highroad/plugin-environments-common';
import { createOperationClient } from '@highroad/plugin-platform-common';
import {
  operationsServiceRef,
  ownFetchApi,
  PollingLoop,
} from '@highroad/plugin-platform-node';
import {
  ClusterAccess,
  Places,
} from '@highroad/plugin-platform-node/kubernetes';
import { RANDOM, secretOperations } from '@highroad/plugin-secrets-common';
import { secretGeneratorsExtensionPoint } from '@highroad/plugin-secrets-node';
import { hostname } from 'node:os';
import { AttentionStore } from './database/AttentionStore';
import { RotationStore } from './database/RotationStore';
import { SyncStore } from './database/SyncStore';
import { VersionStore } from './database/VersionStore';
import { DeployedNeeds } from './drivers/deployments/DeployedNeeds';
import { LentPreviews } from './drivers/environments/LentPreviews';
import { PreviewFollowers } from './drivers/environments/PreviewFollowers';
import { ClusterSecrets } from './drivers/kubernetes/ClusterSecrets';
import { alternatingRoles } from './drivers/postgres/alternatingRoles';
import { PostgresServers } from './drivers/postgres/PostgresServers';
import { correlating } from './drivers/vault/correlation';
import {
  createPolicies,
  createVault,
  createWorkloadRoles,
} from './drivers/vault/createVault';
import { readVaultSettings, vaultRoles } from './drivers/vault/VaultSettings';
import { secretImplementations } from './implementations';
import { readSecretSettings } from './SecretSettings';
import { AttentionReader } from './service/AttentionReader';
import { Discovery } from './service/Discovery';
import { LeftPlaces } from './service/LeftPlaces';
import { PolicyKeeper } from './service/PolicyKeeper';
import { Reconciler } from './service/Reconciler';
import { Recorder } from './service/Recorder';
import { RoleCheck } from './service/RoleCheck';
import { Generators } from './service/rotation/Generators';
import { EveryFollower } from './service/rotation/EveryFollower';
import { OwnerAlerts } from './service/rotation/OwnerAlerts';
import { randomGenerator } from './service/rotation/randomGenerator';
import { Rotator } from './service/rotation/Rotator';
import { SyncFollowers } from './service/rotation/SyncFollowers';
import { SecretReader } from './service/SecretReader';
import { SecretService } from './service/SecretService';
import { CatalogServices } from './service/Services';
import { seldom } from './service/seldom';
import { notConnected, StoreStatus } from './service/StoreStatus';
import { Syncer } from './service/Syncer';
import { SyncWishes } from './service/SyncWishes';
import { WorkloadKeeper } from './service/WorkloadKeeper';

/** How often it is looked whether a token has to be renewed: a part of the life of the shortest. */
const TOKENS_EVERY_MS = 20_000;

/** Keeps secrets in Vault, brings them to where services run, and records every access. */
export const secretsPlugin = createBackendPlugin({
  pluginId: 'secrets',
  register(env) {
    const generators = new Generators();
    env.registerExtensionPoint(secretGeneratorsExtensionPoint, generators);
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
      },
      async init(deps) {
        const { auditor, auth, catalog, config, database } = deps;
        const { lifecycle, logger, notifications, operations, permissions } =
          deps;
        const db = await database.getClient();
        if (!database.migrations?.skip) {
          await db.migrate.latest({
            directory: resolvePackagePath(
              '@highroad/plugin-secrets-backend',
              'migrations',
            ),
          });
        }
        const now = () => new Date();
        const places = Places.fromConfig(config);
        const settings = readVaultSettings(config);
        const { pollSeconds, vaultPollSeconds, restartWindowSeconds } =
          readSecretSettings(config);
        const vault = settings && createVault(settings, now);
        const rotations = new RotationStore(db);
        const syncs = new SyncStore(db);
        const recorder = new Recorder({ auditor });
        generators.addGenerator(RANDOM, randomGenerator);
        generators.addGenerator(
          'postgres',
          alternatingRoles(PostgresServers.fromConfig(config)),
        );
        if (!vault) {
          const status = new StoreStatus({});
          operations.serve(
            secretOperations,
            secretImplementations({
              readThemselves: () => false,
              ...{ generators, now, permissions, places, rotations, status },
              ...{ syncs, reader: notConnected, secrets: notConnected },
              ...{ rotator: notConnected, attention: notConnected },
              ...{ recorder, keys: notConnected, loans: notConnected },
            }),
          );
          return;
        }
        const clusters = new ClusterSecrets({
          access: ClusterAccess.fromConfig(config),
        });
        const syncer = new Syncer({
          ...{ clusters, now, random: Math.random, store: syncs, vault },
          recorder,
          times: {
            pollMs: pollSeconds * 1000,
            vaultPollMs: vaultPollSeconds * 1000,
            restartWindowMs: restartWindowSeconds * 1000,
          },
        });
        const discovery = new Discovery({
          ...{ clusters, now, places, syncs, vault },
        });
        const left = new LeftPlaces({ clusters, now, syncs });
        await discovery
          .leave()
          .catch(error =>
            logger.error(
              `Not all Secrets can be brought to where they are to be: ${stringifyError(
                error,
              )}`,
            ),
          );
        const services = new CatalogServices({ auth, catalog });
        const policies = createPolicies(settings, now);
        const roles = new RoleCheck({
          ...{ now, mount: settings.mount },
          capabilities: async (role, paths) =>
            role === 'policies'
              ? (await policies?.capabilities(paths)) ?? new Map()
              : vault.capabilities(role, paths),
          environments: places.all().map(({ name }) => name),
          methods: settings.workloads.map(({ mount }) => mount),
          roles: vaultRoles.filter(role => settings.auth[role]),
        });
        const status = new StoreStatus({
          vault,
          warnings: () => discovery.left(),
          concerns: async () =>
            (await roles.findings()).map(({ message }) => message),
        });
        const keeper =
          policies &&
          new PolicyKeeper({
            ...{ now, places, policies, services, vault },
            mount: settings.mount,
          });
        // Each of these asks Vault for lists, however little there is.
        const nowAndThen = (work: () => Promise<void>) =>
          seldom(work, pollSeconds * 10_000, now);
        const sweeps = [
          nowAndThen(() => discovery.sweep()),
          nowAndThen(() => left.sweep()),
        ];
        if (keeper) sweeps.push(nowAndThen(() => keeper.sweep()));
        if (settings.workloads.length > 0) {
          const workloads = new WorkloadKeeper({
            ...{ clusters, now, services, syncs, mount: settings.mount },
            roles: createWorkloadRoles(settings, now),
          });
          sweeps.push(nowAndThen(() => workloads.sweep()));
        }
        const reconciler = new Reconciler({
          ...{ logger, now, sweeps, syncer, store: syncs },
          holder: `${hostname()}-${process.pid}`,
          sweepMs: pollSeconds * 1000,
        });
        const tokens = new PollingLoop({
          turn: () => vault.keepSignedIn(),
          onError: error =>
            logger.error(
              `A token of Vault could not be renewed: ${stringifyError(error)}`,
            ),
          pauseMs: TOKENS_EVERY_MS,
        });
        lifecycle.addStartupHook(() => {
          reconciler.start();
          tokens.start();
          // Beside the start, which waits for no Vault.
          roles.findings().then(
            found =>
              found.forEach(({ message, policy }) =>
                logger.warn(
                  `${message} The policy that it is to have:\n${policy}`,
                ),
              ),
            error =>
              logger.warn(
                `What the platform may do in Vault was not compared: ${stringifyError(
                  error,
                )}`,
              ),
          );
        });
        lifecycle.addShutdownHook(async () => {
          await Promise.all([reconciler.stop(), tokens.stop()]);
        });
        const versions = new VersionStore(db);
        const wishes = new SyncWishes({ now, syncs });
        const reader = new SecretReader({
          ...{ places, reconciler, services, syncs, vault, versions, wishes },
        });
        const fetchApi = ownFetchApi({ auth, discovery: deps.discovery });
        const environments = createOperationClient(
          ...([environmentOperations, fetchApi] as const),
        );
        const lentFrom = config.getOptionalString(
          'platform.previews.secretsFrom',
        );
        const previews = new LentPreviews({ environments, lentFrom, logger });
        const secrets = new SecretService({
          ...{ now, places, previews, reader, reconciler, services, syncs },
          ...{ logger, vault, versions, wishes },
        });
        const rotator = new Rotator({
          ...{ generators, logger, now, recorder, rotations, secrets },
          ...{ vault, versions },
          alerts: new OwnerAlerts({ notifications, services }),
          isThere: async ({ service, environment }) =>
            places.all().some(({ name }) => name === environment) &&
            (await services.existing([service])).has(service),
          followers: new EveryFollower(
            new SyncFollowers({ clusters, syncs, vault }),
            new PreviewFollowers({ clusters, environments, lentFrom }),
          ),
        });
        sweeps.push(() => rotator.sweep());
        const attention = new AttentionReader({
          ...{ logger, now, places, services, vault, versions },
          needs: new DeployedNeeds({
            deployments: createOperationClient(deploymentOperations, fetchApi),
            now,
          }),
          store: new AttentionStore(db),
        });
        operations.serve(
          secretOperations,
          correlating(
            secretImplementations({
              readThemselves: environment =>
                settings.workloads.some(
                  ({ cluster }) =>
                    cluster ===
                    places.all().find(({ name }) => name === environment)
                      ?.cluster,
                ),
              ...{ generators, now, permissions, places, rotations, status },
              ...{ syncs, reader: () => reader, secrets: () => secrets },
              ...{ rotator: () => rotator, attention: () => attention },
              ...{ recorder, keys: place => vault.keys(place) },
              loans: () => previews,
            }),
          ),
        );
      },
    });
  },
});
