import { LoggerService } from '@backstage/backend-plugin-api';
import {
  CONTROLLER_FIELD_MANAGER,
  KIND,
} from '@highroad/plugin-environments-common';
import { DatabaseDriver } from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  Change,
  ClusterClient,
  Informer,
  isConflict,
  isNotFound,
} from '@highroad/plugin-platform-node/kubernetes';
import { clusterUid } from '../service/clusterUid';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { PreviewSettings } from '../service/PreviewSettings';
import { Controller, resourcesIn } from './Controller';
import { admissionObjects } from './admission';
import { environmentDefinition } from './crd';
import { Databases } from './Databases';
import { Images } from './Images';
import { LeaderElection } from './LeaderElection';
import { ManifestReader } from './manifests/ManifestReader';
import { ServiceManifests } from './manifests/ServiceManifests';
import { OwnedObjects } from './OwnedObjects';
import { Pace } from './Pace';
import { hasSurelyEnded } from './processIdentity';
import { Places } from './quota';
import { Reconciler } from './Reconciler';
import { SecretSource } from './SecretSource';
import { SeedSource } from './SeedSource';

/**
 * A namespace that nobody can remove. In the one with the environments, the lease would go first if that is removed, and
 * nobody would take away what the environments hold.
 */
export const LEASE_NAMESPACE = 'kube-system';

/** Two platforms in one cluster keep theirs in namespaces of different names. */
export function leaseOf({
  namespace,
}: Pick<PreviewSettings, 'namespace'>): string {
  return `highroad-${namespace}`;
}

export interface RunningController {
  environments: Informer;
  controller: Controller;
  owned: OwnedObjects;
  stop(): Promise<void>;
}

/**
 * Brings to a cluster what environments need there, and begins to look after them.
 *
 * @throws ClusterError or another error where the cluster will not or does not answer; nothing goes on then
 */
export async function startController(options: {
  client: ClusterClient;
  settings: PreviewSettings;
  drivers: Map<string, DatabaseDriver>;
  seeds: SeedSource;
  images: Images;
  manifests: ManifestReader;
  secrets: SecretSource;
  logger: LoggerService;
  /** Of this process, as `ownIdentity` makes it */
  identity: string;
  now: () => Date;
  /** From 0 to 1, at random */
  jitter: () => number;
  newPassword: () => SecretValue;
  /** How long a leader that is not heard of stays the leader, in milliseconds */
  leaseMs?: number;
  pace?: Partial<Pace>;
  onChange: (change: Change) => void;
  onExpired: (resource: EnvironmentResource) => Promise<void>;
  /** Told each time one was looked at to the end */
  onLooked?: (key: { home: string; name: string }) => void;
}): Promise<RunningController> {
  const { client, settings, logger, now, jitter } = options;
  const clock = () => now().getTime();
  const onTrouble = (error: unknown) =>
    logger.warn(
      `The cluster of environments does not answer: ${
        error instanceof Error ? error.message : error
      }`,
    );
  const election = new LeaderElection({
    ...{ client, now, onTrouble },
    name: leaseOf(settings),
    namespace: LEASE_NAMESPACE,
    identity: options.identity,
    hasSurelyEnded,
    ...(options.leaseMs && { durationMs: options.leaseMs }),
  });
  await election.look();
  const isPoliced = await install(client, settings, logger);
  const environments = new Informer({
    ...{ client, kind: KIND, onTrouble, jitter },
    ...(!settings.teamNamespaces && { namespace: settings.namespace }),
  });
  const owned = new OwnedObjects({ client, now: clock, jitter, onTrouble });
  const databases = new Databases({
    cluster: await clusterUid(client),
    drivers: options.drivers,
    owned,
    seeds: options.seeds,
    newPassword: options.newPassword,
    now: clock,
    seedMs: settings.databases.seedTimeout,
  });
  const manifests = new ServiceManifests({
    reader: options.manifests,
    now: clock,
  });
  const controller = new Controller({
    ...{ client, environments, owned, databases, manifests, election },
    ...{ logger, jitter },
    now: clock,
    ...(options.onLooked && { onLooked: options.onLooked }),
    reconciler: new Reconciler({
      ...{ client, owned, databases, manifests, settings, now },
      isPoliced,
      ...(options.pace && { pace: options.pace }),
      images: options.images,
      secrets: options.secrets,
      drivers: [...options.drivers.keys()],
      places: new Places(settings.quota),
      all: () => resourcesIn(environments, logger),
      onExpired: options.onExpired,
    }),
  });
  environments.onChange(options.onChange);
  environments.start();
  controller.start();
  return {
    environments,
    controller,
    owned,
    async stop() {
      await controller.stop();
      await environments.stop();
      client.close();
    },
  };
}

/**
 * The kind itself, who may ask for what, and the namespace in which the platform keeps those that are not applied by hand.
 *
 * @returns whether the cluster itself asks who may
 */
async function install(
  client: ClusterClient,
  settings: PreviewSettings,
  logger: LoggerService,
): Promise<boolean> {
  const { namespace } = settings;
  let isPoliced = true;
  await client.apply(environmentDefinition(), {
    manager: CONTROLLER_FIELD_MANAGER,
    force: true,
  });
  for (const object of admissionObjects(settings)) {
    try {
      await client.apply(object, {
        manager: CONTROLLER_FIELD_MANAGER,
        force: true,
      });
    } catch (error) {
      // Before Kubernetes 1.30 there is no such kind.
      if (!isNotFound(error)) throw error;
      isPoliced = false;
      logger.warn(
        `This cluster knows no ${object.kind}: what environments ask for is looked at by the controller only.`,
      );
    }
  }
  const there = await client.find({ kind: 'Namespace', name: namespace });
  if (there) return isPoliced;
  try {
    await client.create(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      CONTROLLER_FIELD_MANAGER,
    );
  } catch (error) {
    // Another replica made it at this very moment.
    if (!isConflict(error)) throw error;
  }
  return isPoliced;
}
