import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  ClusterClient,
  Informer,
} from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { readResource } from '../service/readResource';
import { LeaderElection } from './LeaderElection';
import { ServiceManifests } from './manifests/ServiceManifests';
import { OwnedObjects } from './OwnedObjects';
import { Reconciler } from './Reconciler';
import { WorkQueue } from './WorkQueue';
import { Databases } from './Databases';

/** Everything is looked at this often even if nothing is told, in milliseconds. */
const RESYNC_MS = 600_000;
/** How soon an end that could not be made is tried again, in milliseconds. */
const EXPIRE_AGAIN_MS = 2_000;

/**
 * Watches environments and what they consist of, and has whatever changed looked at, while this replica is the one that
 * works.
 */
export class Controller {
  readonly #environments: Informer;
  readonly #owned: OwnedObjects;
  readonly #databases: Databases;
  readonly #manifests: ServiceManifests;
  readonly #reconciler: Reconciler;
  readonly #queue: WorkQueue;
  readonly #election: LeaderElection;
  readonly #logger: LoggerService;
  readonly #onLooked: (key: { home: string; name: string }) => void;
  #resync: NodeJS.Timeout | undefined;

  constructor(options: {
    client: ClusterClient;
    /** Started and stopped by whoever made it: others read from it too */
    environments: Informer;
    owned: OwnedObjects;
    databases: Databases;
    manifests: ServiceManifests;
    reconciler: Reconciler;
    election: LeaderElection;
    logger: LoggerService;
    jitter: () => number;
    now: () => number;
    concurrency?: number;
    /** Told each time one was looked at to the end */
    onLooked?: (key: { home: string; name: string }) => void;
  }) {
    this.#environments = options.environments;
    this.#owned = options.owned;
    this.#databases = options.databases;
    this.#manifests = options.manifests;
    this.#reconciler = options.reconciler;
    this.#election = options.election;
    this.#logger = options.logger;
    this.#onLooked = options.onLooked ?? (() => {});
    this.#queue = new WorkQueue({
      ...{ logger: options.logger, jitter: options.jitter, now: options.now },
      concurrency: options.concurrency ?? 16,
      work: (key, signal) => this.#workOn(key, signal),
      onFailing: (key, error) => this.#tellFailing(key, error),
    });
    this.#environments.onChange(({ type, object }) => {
      const { name, namespace: home = '' } = object.metadata;
      if (type === 'gone') {
        this.#reconciler.forget(readResource(object).uid);
        this.#wakeRefused();
      }
      this.wake({ home, name });
    });
    this.#owned.onChange(key => this.wake(key));
    this.#databases.onNews(of => this.wake(of));
    this.#manifests.onNews(({ resource }) => this.wake(resource));
  }

  get leading(): boolean {
    return this.#election.leading;
  }

  /** Has an environment looked at. */
  wake({ home, name }: { home: string; name: string }): void {
    this.#queue.add(`${home}/${name}`);
  }

  start(): void {
    this.#owned.start();
    this.#election.start({
      begin: () => {
        this.#logger.info('This process looks after environments now');
        this.#queue.start();
        this.#wakeAll();
        this.#resync = setInterval(() => this.#wakeAll(), RESYNC_MS);
      },
      end: async () => {
        clearInterval(this.#resync);
        await this.#queue.stop();
        await this.#databases.stop();
        await this.#manifests.stop();
      },
    });
  }

  async stop(): Promise<void> {
    await this.#election.stop();
    await this.#owned.stop();
  }

  async #workOn(key: string, signal: AbortSignal): Promise<void> {
    // What is there already is not to be taken for missing.
    if (!this.#environments.synced || !this.#owned.synced) {
      this.#queue.addAfter(key, 100);
      return;
    }
    const object = this.#find(key);
    if (!object) return;
    const resource = readResource(object);
    const again = await this.#reconciler.reconcile(resource).catch(error => {
      // Its end is not put off by what its looks fail at.
      const left = this.#reconciler.untilEnd(resource);
      if (left !== undefined && !signal.aborted) {
        this.#queue.addAfter(key, left > 0 ? left : EXPIRE_AGAIN_MS);
      }
      throw error;
    });
    const { name, namespace: home = '' } = object.metadata;
    this.#onLooked({ home, name });
    if (again !== undefined) this.#queue.addAfter(key, again);
  }

  async #tellFailing(key: string, error: unknown): Promise<void> {
    const object = this.#find(key);
    if (object) await this.#reconciler.tellFailing(readResource(object), error);
  }

  #find(key: string) {
    const [home, name] = key.split('/');
    return this.#environments.get(name, home);
  }

  #wakeAll(): void {
    for (const { metadata } of this.#environments.list()) {
      this.wake({ home: metadata.namespace ?? '', name: metadata.name });
    }
  }

  /** A place has become free. */
  #wakeRefused(): void {
    for (const resource of resourcesIn(this.#environments, this.#logger)) {
      if (resource.status.phase === 'refused') this.wake(resource);
    }
  }
}

/** All environments that a watch shows; what is none is said, and left out. */
export function resourcesIn(
  environments: Informer,
  logger: LoggerService,
): EnvironmentResource[] {
  return environments.list().flatMap(object => {
    try {
      return [readResource(object)];
    } catch (error) {
      logger.warn(
        `The environment ${
          object.metadata.name
        } can't be read: ${stringifyError(error)}`,
      );
      return [];
    }
  });
}
