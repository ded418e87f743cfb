import {
  EnvironmentServiceSpec,
  KIND,
  LentSecrets,
  PORTAL_FIELD_MANAGER,
  SECRETS_CHANGED_ANNOTATION,
} from '@highroad/plugin-environments-common';
import { waitFor } from '@highroad/plugin-platform-node';
import {
  ClusterClient,
  Informer,
  isNotFound,
} from '@highroad/plugin-platform-node/kubernetes';
import { deploymentValues } from '../controller/deploymentValues';
import {
  Asked,
  askedBy,
  begunBefore,
  begunWith,
  heldValues,
  newestValues,
} from '../controller/lentValues';
import { serviceSecretName } from '../controller/objects/serviceVariables';
import { OwnedObjects } from '../controller/OwnedObjects';
import { SecretSource } from '../controller/SecretSource';
import { EnvironmentResource } from './EnvironmentResources';
import { PreviewSettings } from './PreviewSettings';
import { readResource } from './readResource';

/** Whoever changed a secret waits so long at most, in milliseconds. What is behind then follows all the same. */
const MOST_MS = 5_000;
const LOOK_MS = 50;
/** How often it is asked what is the newest by now, which may be another than at first, in milliseconds. */
const ASK_MS = 1_000;
/** Resources are marked so many at a time. */
const AT_ONCE = 10;

/** Which secrets of a service of a standing environment have changed. */
export interface ChangedSecrets {
  service: string;
  environment: string;
  keys: string[];
  /** Those of the keys that have no value any more */
  deleted: string[];
}

/** The cluster that environments are in. */
export interface FollowingCluster {
  client: Pick<ClusterClient, 'patch'>;
  environments: Pick<Informer, 'list' | 'note'>;
  owned: Pick<OwnedObjects, 'get' | 'of'>;
}

interface Follower {
  resource: EnvironmentResource;
  service: EnvironmentServiceSpec;
  asked: Asked;
}

/** Has environments take secrets that they were lent and that have changed, and says how far they are. */
export class FollowingSecrets {
  readonly #cluster: () => FollowingCluster | { missing: string };
  readonly #settings: Pick<PreviewSettings, 'cluster' | 'secretsFrom'>;
  readonly #source: Pick<SecretSource, 'newest'>;
  readonly #now: () => Date;

  constructor(options: {
    cluster: () => FollowingCluster | { missing: string };
    settings: Pick<PreviewSettings, 'cluster' | 'secretsFrom'>;
    secrets: Pick<SecretSource, 'newest'>;
    now: () => Date;
  }) {
    this.#cluster = options.cluster;
    this.#settings = options.settings;
    this.#source = options.secrets;
    this.#now = options.now;
  }

  /**
   * Tells whichever process looks after environments by a mark on their resources, and waits for a few seconds for the
   * Secrets to hold what is the newest.
   *
   * @returns one item for each environment and service that was lent, or asks for, one of the keys
   * @throws what the cluster, or whoever keeps the secrets, answers with; an Error where environments cannot be seen
   */
  async follow(
    changed: ChangedSecrets,
    signal: AbortSignal,
  ): Promise<LentSecrets[]> {
    const { cluster: name, secretsFrom } = this.#settings;
    if (!name || changed.environment !== secretsFrom) return [];
    const cluster = this.#cluster();
    if ('missing' in cluster) throw new Error(cluster.missing);
    const followers = this.#followers(cluster, changed);
    const reachable = followers.filter(
      one => !isRefused(one) && !lacks(one, changed),
    );
    const mark = this.#now().toISOString();
    for (let at = 0; at < reachable.length; at += AT_ONCE) {
      const some = reachable.slice(at, at + AT_ONCE);
      await Promise.all(
        some.map(({ resource }) => this.#mark(cluster, resource, mark)),
      );
    }
    // What is being made is lent the newest anyway.
    const made = reachable.filter(({ resource }) => resource.status.namespace);
    const newest = await this.#wait(cluster, changed.service, made, signal);
    return followers.map(one => this.#standing(cluster, one, changed, newest));
  }

  /**
   * Which environments are given which keys of a service, or ask for them. Names each once.
   *
   * @throws Error where environments cannot be seen
   */
  lent(of: {
    service: string;
    environment: string;
  }): Array<{ environment: string; keys: string[] }> {
    const { cluster: name, secretsFrom } = this.#settings;
    if (!name || of.environment !== secretsFrom) return [];
    const cluster = this.#cluster();
    if ('missing' in cluster) throw new Error(cluster.missing);
    const lent = new Map<string, Set<string>>();
    for (const { resource, asked } of this.#borrowers(cluster, of.service)) {
      const keys = lent.get(resource.name) ?? [];
      lent.set(resource.name, new Set([...keys, ...asked.keys]));
    }
    return [...lent]
      .map(([environment, keys]) => ({ environment, keys: [...keys].sort() }))
      .sort((a, b) => a.environment.localeCompare(b.environment));
  }

  #followers(
    cluster: FollowingCluster,
    { service, keys }: ChangedSecrets,
  ): Follower[] {
    return this.#borrowers(cluster, service).filter(({ asked }) =>
      asked.keys.some(key => keys.includes(key)),
    );
  }

  /** Of those that are refused, the ones that hold what they were lent before. */
  #borrowers(cluster: FollowingCluster, of: string): Follower[] {
    const { secretsFrom } = this.#settings;
    return cluster.environments
      .list()
      .map(readResource)
      .filter(({ deletedAt }) => !deletedAt)
      .flatMap(resource =>
        (resource.spec?.services ?? []).flatMap(service => {
          const asked = askedBy(service, secretsFrom);
          return asked?.service === of ? [{ resource, service, asked }] : [];
        }),
      )
      .filter(one => !isRefused(one) || secretOf(cluster, one));
  }

  async #mark(
    { client, environments }: FollowingCluster,
    { home, name }: EnvironmentResource,
    mark: string,
  ): Promise<void> {
    try {
      const marked = await client.patch(
        { kind: KIND, name, namespace: home },
        { metadata: { annotations: { [SECRETS_CHANGED_ANNOTATION]: mark } } },
        { manager: PORTAL_FIELD_MANAGER },
      );
      environments.note(marked);
    } catch (error) {
      // It was ended at this moment.
      if (!isNotFound(error)) throw error;
    }
  }

  /** @returns newest versions, as they were when it was asked last */
  async #wait(
    cluster: FollowingCluster,
    service: string,
    followers: Follower[],
    signal: AbortSignal,
  ): Promise<Record<string, number>> {
    const until = this.#now().getTime() + MOST_MS;
    let known = {
      newest: await this.#newest(service, followers),
      at: this.#now().getTime(),
    };
    const areThere = ({ newest }: typeof known) =>
      followers.every(one => holds(cluster, one, newest));
    while (!areThere(known)) {
      const now = this.#now().getTime();
      if (signal.aborted || now >= until) break;
      await waitFor(LOOK_MS, signal);
      if (now - known.at < ASK_MS) continue;
      known = { newest: await this.#newest(service, followers), at: now };
    }
    return known.newest;
  }

  async #newest(
    service: string,
    followers: Follower[],
  ): Promise<Record<string, number>> {
    return followers.length > 0 ? this.#source.newest(service) : {};
  }

  #standing(
    cluster: FollowingCluster,
    follower: Follower,
    changed: ChangedSecrets,
    newest: Record<string, number>,
  ): LentSecrets {
    const { resource, service, asked } = follower;
    const { cluster: name = '' } = this.#settings;
    const there = secretOf(cluster, follower);
    const about = {
      ...{ environment: resource.name, cluster: name },
      namespace: resource.status.namespace ?? '',
      secret: serviceSecretName(service.name),
    };
    if (isRefused(follower)) {
      return {
        ...{ ...about, state: 'behind' },
        message: `It keeps what it was lent before, since it is refused: ${
          resource.status.message ?? 'its conditions say why'
        }`,
      };
    }
    const gone = lacks(follower, changed);
    if (gone) {
      return {
        ...{ ...about, state: there ? 'behind' : 'waiting' },
        message: there
          ? `It keeps what it was lent before: ${gone} is deleted in ${changed.environment}.`
          : `It waits for ${gone}, which is deleted in ${changed.environment}.`,
      };
    }
    if (!there) {
      const message = 'It is lent its secrets as soon as it is made.';
      return { ...about, state: 'waiting', message };
    }
    if (!holds(cluster, follower, newest)) {
      const told = resource.status.services.find(
        one => one.name === service.name,
      )?.message;
      return {
        ...{ ...about, state: 'behind' },
        message: `It has what it was lent before, and is tried again by itself.${
          told ? ` ${told}` : ''
        }`,
      };
    }
    const restartAt = begunWith(there, this.#now())?.restartAt.toISOString();
    if (!restartAt && isLate(cluster, follower)) {
      return {
        ...{ ...about, state: 'behind' },
        message:
          'It was lent the newest, and its programs still have what they began with. They are restarted by itself.',
      };
    }
    const count = asked.keys.length;
    return {
      ...{ ...about, state: 'synced' },
      message: `lent ${count === 1 ? '1 key' : `${count} keys`}, in ${
        about.namespace
      }`,
      ...(restartAt && { restartAt }),
    };
  }
}

function isRefused({ resource }: Follower): boolean {
  return resource.status.phase === 'refused';
}

/** @returns a key that it asks for and that was deleted */
function lacks(
  { asked }: Follower,
  { deleted }: ChangedSecrets,
): string | undefined {
  return asked.keys.find(key => deleted.includes(key));
}

function secretOf(
  { owned }: FollowingCluster,
  { resource, service }: Follower,
) {
  const { namespace } = resource.status;
  return namespace
    ? owned.get('Secret', serviceSecretName(service.name), namespace)
    : undefined;
}

/** Whether programs were to be restarted by now for what they were lent, and some were not. */
function isLate(cluster: FollowingCluster, follower: Follower): boolean {
  const { resource, service } = follower;
  const { namespace } = resource.status;
  const begun = begunBefore(secretOf(cluster, follower));
  return (
    begun !== undefined &&
    namespace !== undefined &&
    deploymentValues(cluster.owned, {
      ...{ uid: resource.uid, namespace, service: service.name },
    }).some(values => values.includes(begun.values))
  );
}

function holds(
  cluster: FollowingCluster,
  follower: Follower,
  newest: Record<string, number>,
): boolean {
  const secret = secretOf(cluster, follower);
  return heldValues(secret) === newestValues(follower.asked, newest);
}
