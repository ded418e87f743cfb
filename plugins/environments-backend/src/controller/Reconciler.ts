import {
  CONTROLLER_FIELD_MANAGER,
  ENVIRONMENT_UID_LABEL,
  EnvironmentDatabaseStatus,
  EnvironmentServiceStatus,
  EnvironmentSpec,
  FINALIZER,
  KIND,
} from '@highroad/plugin-environments-common';
import {
  ClusterClient,
  isConflict,
} from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { PreviewSettings } from '../service/PreviewSettings';
import { accept } from './accept';
import { Databases } from './Databases';
import { isNamespaceOf } from './isNamespaceOf';
import { End, endOf, untilTold, warningsOf } from './ending';
import { failingStatus } from './failingStatus';
import { Images } from './Images';
import { ServiceManifests } from './manifests/ServiceManifests';
import { namespaceObjects } from './objects/namespaceObjects';
import { observeRunning } from './observeRunning';
import { OwnedObjects } from './OwnedObjects';
import { Pace, usualPace } from './Pace';
import { Places } from './quota';
import { SecretSource } from './SecretSource';
import { Services } from './Services';
import { SECRETS_LOOK_MS } from './ServiceSecrets';
import { statusOf } from './statusOf';
import { StatusWriter } from './StatusWriter';
import { Target, targetOf } from './Target';
import { Teardown } from './Teardown';

/** How soon what is not ready is looked at again, in milliseconds; most changes are told by watches before. */
const UNREADY_MS = 3_000;
/** Refused ones may have a place when another ends. */
const REFUSED_MS = 10_000;

/** Brings one environment to what its resource says, and says how it stands. What it does twice has no other effect. */
export class Reconciler {
  readonly #client: ClusterClient;
  readonly #owned: OwnedObjects;
  readonly #databases: Databases;
  readonly #drivers: string[];
  readonly #places: Places;
  readonly #services: Services;
  readonly #secrets: SecretSource;
  readonly #statuses: StatusWriter;
  readonly #teardown: Teardown;
  readonly #settings: PreviewSettings;
  readonly #isPoliced: boolean;
  readonly #all: () => EnvironmentResource[];
  readonly #now: () => Date;
  readonly #onExpired: (resource: EnvironmentResource) => Promise<void>;

  constructor(options: {
    client: ClusterClient;
    owned: OwnedObjects;
    databases: Databases;
    /** Names of the drivers that there are */
    drivers: string[];
    places: Places;
    images: Images;
    manifests: ServiceManifests;
    secrets: SecretSource;
    settings: PreviewSettings;
    /** Whether the cluster asks who has an environment kept */
    isPoliced: boolean;
    all: () => EnvironmentResource[];
    now: () => Date;
    pace?: Partial<Pace>;
    /** Told of one that is ended because its time is up */
    onExpired: (resource: EnvironmentResource) => Promise<void>;
  }) {
    this.#client = options.client;
    this.#owned = options.owned;
    this.#databases = options.databases;
    this.#drivers = options.drivers;
    this.#places = options.places;
    this.#secrets = options.secrets;
    this.#settings = options.settings;
    this.#isPoliced = options.isPoliced;
    this.#all = options.all;
    this.#now = options.now;
    const pace = { ...usualPace, ...options.pace };
    this.#onExpired = options.onExpired;
    this.#statuses = new StatusWriter({ client: options.client });
    this.#teardown = new Teardown({
      ...options,
      statuses: this.#statuses,
      patienceMs: pace.blockedAfterMs,
    });
    this.#services = new Services({
      ...options,
      askAgainMs: pace.askForImageAfterMs,
      followMs: pace.followTagsEveryMs,
    });
  }

  /**
   * One look, and what follows from it.
   *
   * @returns when to look again at the latest, in milliseconds; undefined where only a change asks for it
   */
  async reconcile(resource: EnvironmentResource): Promise<number | undefined> {
    if (resource.deletedAt) return this.#teardown.step(resource);
    const now = this.#now();
    const end = this.#endOf(resource, now);
    const { expiresAt } = end;
    if (expiresAt && expiresAt <= now) return this.#expire(resource);

    const accepted = await accept(resource, {
      client: this.#client,
      settings: this.#settings,
      places: this.#places,
      secrets: this.#secrets,
      drivers: this.#drivers,
      all: this.#all,
    });
    const { spec } = resource;
    if (!accepted.ok || !spec) {
      const refused = accepted.ok
        ? { reason: 'Invalid', message: 'It has no spec.' }
        : { reason: accepted.reason, message: accepted.message };
      const { databases, namespace } = resource.status;
      const services = await observeRunning(resource, {
        ...{ client: this.#client, owned: this.#owned, now: this.#now },
      });
      await this.#tell(resource, {
        ...{ ...end, refused, owner: accepted.owner },
        // What was made before goes on as it is, for better or worse.
        ...{ databases, services, namespace },
      });
      return soonest(REFUSED_MS, this.#untilTold(resource, expiresAt));
    }
    // Nothing is made before it is certain that it will be taken away again.
    if (!resource.finalizers.includes(FINALIZER)) await this.#hold(resource);

    const target = targetOf(resource, spec, accepted.owner, this.#settings);
    const foreign = await this.#makeNamespace(target);
    if (foreign) {
      await this.#tell(resource, {
        refused: { reason: 'NamespaceTaken', message: foreign },
        ...{ ...end, owner: accepted.owner },
        // What stands outside of its namespace is there still.
        ...{ databases: resource.status.databases, services: [] },
      });
      return soonest(REFUSED_MS, this.#untilTold(resource, expiresAt));
    }
    const { databases, troubled, values, again } = await this.#provideDatabases(
      target,
    );
    const seeded = databases.every(one => one.state === 'ready');
    const services = await this.#services.run(target, values, seeded);
    const { owner, warning } = accepted;
    await this.#tell(resource, {
      ...{ ...end, owner, warning, databases, troubled, services },
      namespace: target.namespace,
      leftDatabases: this.#databases.leftOf(target),
    });
    const ready =
      seeded && services.every(service => service.state === 'ready');
    return soonest(
      ready ? undefined : UNREADY_MS,
      hasSecrets(spec) ? SECRETS_LOOK_MS : undefined,
      this.#services.restartIn(resource.uid),
      this.#services.followIn(resource.uid),
      again,
      this.#untilTold(resource, expiresAt),
    );
  }

  /** Tells of one that could not be looked at to the end, for what reason. The next look that can takes it back. */
  async tellFailing(
    resource: EnvironmentResource,
    error: unknown,
  ): Promise<void> {
    const { status, generation } = resource;
    await this.#statuses.write(
      resource,
      failingStatus(status, error, generation, this.#now()),
    );
  }

  /** @returns when its time is up, in milliseconds from now; undefined where it is kept, or being ended already */
  untilEnd(resource: EnvironmentResource): number | undefined {
    const now = this.#now();
    const { expiresAt } = this.#endOf(resource, now);
    if (resource.deletedAt || !expiresAt) return undefined;
    return expiresAt.getTime() - now.getTime();
  }

  /** What is remembered of one that is gone. */
  forget(uid: string): void {
    this.#places.release(uid);
    this.#services.forget(uid);
    this.#databases.forget(uid);
  }

  #endOf(resource: EnvironmentResource, now: Date): End {
    return endOf(resource, this.#settings, now, this.#isPoliced);
  }

  /** When its end, or the warning of it, is due. */
  #untilTold(
    resource: EnvironmentResource,
    expiresAt: Date | undefined,
  ): number | undefined {
    return untilTold(resource, expiresAt, this.#settings, this.#now());
  }

  async #expire(resource: EnvironmentResource): Promise<undefined> {
    const { home, name, uid, resourceVersion } = resource;
    try {
      // Whoever extends it at this very moment is right.
      await this.#client.delete(
        { kind: KIND, name, namespace: home },
        { uid, resourceVersion },
      );
    } catch (error) {
      if (!isConflict(error)) throw error;
      return undefined;
    }
    await this.#onExpired(resource);
    return undefined;
  }

  async #hold({
    home,
    name,
    finalizers,
    resourceVersion,
  }: EnvironmentResource) {
    await this.#client.patch(
      { kind: KIND, name, namespace: home },
      { metadata: { resourceVersion, finalizers: [...finalizers, FINALIZER] } },
      { manager: CONTROLLER_FIELD_MANAGER },
    );
  }

  /** @returns why it can't be had, where somebody else has it */
  async #makeNamespace(target: Target): Promise<string | undefined> {
    const { namespace: name, resource } = target;
    const [namespace, ...rest] = namespaceObjects(target);
    // One that is not in the cache has not the label of environments, or is not there.
    const there =
      this.#owned.get('Namespace', name) ??
      (await this.#client.find({ kind: 'Namespace', name }));
    if (there && !isNamespaceOf(there, resource)) {
      const uid = there.metadata.labels?.[ENVIRONMENT_UID_LABEL];
      return there.metadata.deletionTimestamp
        ? `The namespace ${name} of an earlier environment is still being removed.`
        : `The namespace ${name} is somebody else's${
            uid ? ', an environment that was not ended by this platform' : ''
          }. Give this environment another name, or remove that namespace.`;
    }
    if (there?.metadata.deletionTimestamp) {
      return `The namespace ${name} was removed by hand, and is made again when it is gone.`;
    }
    await this.#owned.ensure(namespace);
    await Promise.all(rest.map(object => this.#owned.ensure(object)));
    await this.#copyPullSecret(target);
    return undefined;
  }

  async #copyPullSecret({ namespace, labels, settings }: Target) {
    const name = settings.imagePullSecret;
    if (!name) return;
    const source = await this.#client.find({
      ...{ kind: 'Secret', name },
      namespace: settings.namespace,
    });
    if (!source) {
      throw new Error(
        `There is no Secret ${name} in ${settings.namespace}, which platform.previews.imagePullSecret names.`,
      );
    }
    await this.#owned.ensure({
      ...{ apiVersion: 'v1', kind: 'Secret' },
      metadata: { name, namespace, labels },
      type: source.type,
      data: source.data,
    });
  }

  async #provideDatabases(target: Target): Promise<{
    databases: EnvironmentDatabaseStatus[];
    troubled: boolean;
    values: Map<string, string>;
    again?: number;
  }> {
    const values = new Map<string, string>();
    const databases: EnvironmentDatabaseStatus[] = [];
    let again: number | undefined;
    let troubled = false;
    for (const database of target.spec.databases) {
      const driver = database.driver ?? this.#settings.databases.driver;
      const made = await this.#databases.provide(target, database, driver);
      values.set(database.name, made.values);
      databases.push(made.status);
      again = soonest(again, made.again);
      troubled ||= made.troubled === true;
    }
    return {
      databases,
      troubled,
      values,
      ...(again !== undefined && { again }),
    };
  }

  async #tell(
    resource: EnvironmentResource,
    findings: {
      owner?: string;
      namespace?: string;
      refused?: { reason: string; message: string };
      warning?: string;
      databases: EnvironmentDatabaseStatus[];
      leftDatabases?: string[];
      troubled?: boolean;
      services: EnvironmentServiceStatus[];
    } & End,
  ): Promise<void> {
    const now = this.#now();
    await this.#statuses.write(
      resource,
      statusOf(
        {
          ...findings,
          generation: resource.generation,
          cluster: this.#settings.cluster ?? '',
          warnings: warningsOf(resource, findings, this.#settings, now),
        },
        resource.status,
        now,
      ),
    );
  }
}

function hasSecrets({ services }: EnvironmentSpec): boolean {
  return services.some(({ env }) => env.some(({ secret }) => secret));
}

function soonest(...times: Array<number | undefined>): number | undefined {
  const known = times.filter(time => time !== undefined);
  return known.length > 0 ? Math.max(0, Math.min(...known)) : undefined;
}
