import { SecretKeys } from '../drivers/cluster/SecretKeys';
import { KubernetesObject } from '../drivers/manifests';
import {
  NeededSecret,
  neededSecrets,
} from '../drivers/manifests/neededSecrets';

/** What the store for secrets has. */
export interface KeptSecrets {
  /**
   * @returns names of the keys of a service in an environment; nothing where no store is connected
   * @throws ServiceUnavailableError for a store that does not answer
   */
  keys(service: string, environment: string): Promise<Set<string> | undefined>;
}

/** Where a service is going to run. */
export interface SecretsPlace {
  /** Reference of the service, and its name, which is that of its Secret too */
  service: string;
  name: string;
  environment: string;
  cluster: string;
  namespace: string;
}

/** Whether there is everything that pods cannot start without. */
export interface SecretsFound {
  /** How many references were looked at */
  needed: number;
  /** A line for each that is missing, with what to do */
  missing: string[];
}

/** Looks for the secrets that manifests refer to: beside them, in the cluster, and in the store that will be synced to it. */
export class SecretsCheck {
  readonly #cluster: Pick<SecretKeys, 'of'>;
  readonly #kept: KeptSecrets;

  constructor(options: { cluster: Pick<SecretKeys, 'of'>; kept: KeptSecrets }) {
    this.#cluster = options.cluster;
    this.#kept = options.kept;
  }

  /** @throws ServiceUnavailableError if it cannot be seen now */
  async look(
    objects: KubernetesObject[],
    place: SecretsPlace,
  ): Promise<SecretsFound> {
    const needed = neededSecrets(objects);
    const there = new Map<string, Set<string> | undefined>();
    for (const secret of new Set(needed.map(one => one.secret))) {
      const { cluster, namespace } = place;
      there.set(secret, await this.#cluster.of(cluster, { namespace, secret }));
    }
    const absent = needed.filter(one => !isIn(there.get(one.secret), one));
    const ours = absent.filter(one => one.secret === place.name);
    // Each look into the store is on record, so there is none without need.
    const kept =
      ours.length > 0
        ? await this.#kept.keys(place.service, place.environment)
        : undefined;
    const missing = absent.filter(
      one => !(one.secret === place.name && isIn(kept, one)),
    );
    return {
      needed: needed.length,
      missing: missing.map(one => lineOf(one, place, kept !== undefined)),
    };
  }
}

function isIn(keys: Set<string> | undefined, { key }: NeededSecret): boolean {
  if (!keys) return false;
  return key === undefined ? true : keys.has(key);
}

function lineOf(
  { object, secret, key }: NeededSecret,
  place: SecretsPlace,
  hasStore: boolean,
): string {
  const { name, namespace, environment } = place;
  if (secret === name && hasStore) {
    return `${object} needs ${
      key ?? 'a secret'
    }, which is not set in ${environment}. Set it: platform secrets set ${name}/${
      key ?? 'NAME'
    } --env ${environment}`;
  }
  const what =
    key === undefined
      ? `the Secret ${secret}`
      : `${key} of the Secret ${secret}`;
  return `${object} needs ${what}, which the namespace ${namespace} does not have. Put it there, or mark the reference as optional.`;
}
