import { ServiceUnavailableError } from '@backstage/errors';
import { SecretKeys } from '../drivers/cluster/SecretKeys';
import {
  KubernetesObject,
  NeededSecret,
  neededSecrets,
} from '@highroad/plugin-platform-node/manifests';

/** Keys of a service in an environment. */
export interface KeptKeys {
  /** Names of those that are there when it runs */
  keys: Set<string>;
  /** Those that are kept and cannot be brought there, with why, in words */
  leftOut: Map<string, string>;
  /** Those that are kept and cannot be looked at, so that nobody knows whether they are set; with why, in words */
  unseen: Map<string, string>;
}

/** What the store for secrets has. */
export interface KeptSecrets {
  /**
   * @returns nothing where no store is connected
   * @throws ServiceUnavailableError for a store that does not answer
   */
  keys(service: string, environment: string): Promise<KeptKeys | undefined>;
}

/** What makes secrets that the platform itself gives to services, such as the addresses of their databases. */
export interface SecretProvider {
  /**
   * @param options.dryRun - only says what would be made
   * @returns keys that there are now, or would be; a line for each, and for what is not made, with the reason
   * @throws ServiceUnavailableError if it cannot be made now
   */
  provide(
    service: string,
    environment: string,
    options: { dryRun: boolean },
  ): Promise<{ keys: Set<string>; lines: string[] }>;
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
  /** A line for each that the platform made for it, or would make */
  provided: string[];
}

/** Looks for the secrets that manifests refer to: beside them, in the cluster, and in the store that will be synced to it. */
export class SecretsCheck {
  readonly #cluster: Pick<SecretKeys, 'of'>;
  readonly #kept: KeptSecrets;
  readonly #provider: SecretProvider;

  constructor(options: {
    cluster: Pick<SecretKeys, 'of'>;
    kept: KeptSecrets;
    provider: SecretProvider;
  }) {
    this.#cluster = options.cluster;
    this.#kept = options.kept;
    this.#provider = options.provider;
  }

  /**
   * Has what the platform gives be made, and says what is missing then.
   *
   * @param options.dryRun - only says what would be made
   * @throws ServiceUnavailableError if it cannot be seen now
   */
  async look(
    objects: KubernetesObject[],
    place: SecretsPlace,
    options: { dryRun: boolean },
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
    requireSeen(ours, place, kept);
    const unkept = ours.filter(one => !isIn(kept?.keys, one));
    const provided =
      kept && unkept.length > 0
        ? await this.#provider.provide(
            place.service,
            place.environment,
            options,
          )
        : undefined;
    const missing = absent.filter(
      one =>
        !(one.secret === place.name && isIn(kept?.keys, one)) &&
        !(one.secret === place.name && isIn(provided?.keys, one)),
    );
    return {
      needed: needed.length,
      missing: missing.map(one => lineOf(one, place, kept)),
      provided: provided?.lines ?? [],
    };
  }
}

function isIn(keys: Set<string> | undefined, { key }: NeededSecret): boolean {
  if (!keys) return false;
  return key === undefined ? keys.size > 0 : keys.has(key);
}

/** @throws ServiceUnavailableError for what is needed, and of which nobody knows whether it is set */
function requireSeen(
  needed: NeededSecret[],
  { name, environment }: SecretsPlace,
  kept: KeptKeys | undefined,
): void {
  for (const { object, key } of needed) {
    const why = key !== undefined && kept?.unseen.get(key);
    if (!why) continue;
    throw new ServiceUnavailableError(
      `${object} needs ${key}, and it cannot be seen whether ${name} has that in ${environment}: ${why}`,
    );
  }
}

function lineOf(
  { object, secret, key }: NeededSecret,
  place: SecretsPlace,
  kept: KeptKeys | undefined,
): string {
  const { name, namespace, environment } = place;
  const leftOut = key !== undefined && kept?.leftOut.get(key);
  if (secret === name && leftOut) {
    return `${object} needs ${key}, which is kept for ${environment} and cannot be brought there: ${leftOut}`;
  }
  if (secret === name && kept) {
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
