import { Place, Places } from '@highroad/plugin-platform-node/kubernetes';
import { SyncItem, SyncPlace, SyncStore } from '../database/SyncStore';
import { ClusterSecrets } from '../drivers/kubernetes/ClusterSecrets';
import { SecretVault } from '../drivers/vault/SecretVault';
import { LEFT_DAYS } from './LeftPlaces';
import { placeOf } from './placeOf';
import { Problems } from './Problems';

/**
 * Finds services whose first secret was written straight to Vault, or by a database that is gone; and those whose environment
 * is another place, or none, since the configuration was changed.
 */
export class Discovery {
  readonly #clusters: Pick<ClusterSecrets, 'knows'>;
  readonly #now: () => Date;
  readonly #places: Places;
  readonly #said = new Set<string>();
  readonly #syncs: SyncStore;
  readonly #vault: Pick<SecretVault, 'services'>;

  constructor(options: {
    clusters: Pick<ClusterSecrets, 'knows'>;
    now: () => Date;
    places: Places;
    syncs: SyncStore;
    vault: Pick<SecretVault, 'services'>;
  }) {
    this.#clusters = options.clusters;
    this.#now = options.now;
    this.#places = options.places;
    this.#syncs = options.syncs;
    this.#vault = options.vault;
  }

  /**
   * Stops looking after Secrets whose environment is configured no longer, without a cluster, or to be elsewhere, and begins
   * where it is. Asks nobody but the database, so that it can be done before anything else is.
   *
   * @throws what was wrong with the first service that could not be looked after, when all others were
   */
  async leave(): Promise<void> {
    const problems = new Problems();
    await this.#leaveAll(problems);
    problems.tell();
  }

  async #leaveAll(problems: Problems): Promise<void> {
    for (const one of await this.#syncs.all()) {
      await problems.after(() => this.#follow(one));
    }
  }

  /**
   * What was left where, in words; one for each environment and cluster.
   */
  async left(): Promise<string[]> {
    const left = await this.#syncs.left();
    return left.map(({ environment, cluster, count }) => {
      const place = this.#placeNow({ environment });
      const were = count === 1 ? '1 Secret was' : `${count} Secrets were`;
      const why =
        place?.cluster === cluster
          ? `${environment} has other namespaces in the cluster ${cluster} by now: ${were} left in those before`
          : `${environment} is no longer configured for the cluster ${cluster}: ${were} left there`;
      const end = this.#clusters.knows(cluster)
        ? 'This is said until they are gone, and no program uses them.'
        : `The cluster is not configured, so that nobody looks whether they are gone: this is said for ${LEFT_DAYS} days.`;
      return `${why} as they were, and follow nothing any more. Delete them with their namespaces, or configure it again. ${end}`;
    });
  }

  /**
   * @throws InputError with all that no name can be made for, once as long as it is so; without such, what was wrong with the first
   * service that could not be looked after, when all others were
   */
  async sweep(): Promise<void> {
    const problems = new Problems();
    await problems.after(() => this.#leaveAll(problems));
    const known = await this.#syncs.all();
    const isKnown = new Set(known.map(({ place }) => nameOf(place)));
    for (const place of this.#places.all()) {
      if (!place.cluster) continue;
      for (const service of await this.#vault.services(place.name)) {
        if (isKnown.has(nameOf({ environment: place.name, service }))) continue;
        await problems.after(() => this.#know(place, service));
      }
    }
    problems.tellOnce(this.#said);
  }

  #placeNow({
    environment,
  }: Pick<SyncPlace, 'environment'>): Place | undefined {
    return this.#places.all().find(({ name }) => name === environment);
  }

  async #know(place: Place, service: string): Promise<void> {
    const wanted = placeOf(place, service);
    if (wanted) await this.#syncs.know(wanted, this.#now().toISOString());
  }

  /**
   * To where the configuration says that it is by now. What stands at the place before is left there.
   *
   * @throws InputError if its namespace would not be a name that Kubernetes takes
   */
  async #follow({ place: from, memory }: SyncItem): Promise<void> {
    const place = this.#placeNow(from);
    const to = place && placeOf(place, from.service);
    const now = this.#now().toISOString();
    const isThere = to && isSamePlace(from, to);
    const isLeft = memory.state === 'left';
    if (isThere) {
      if (isLeft) await this.#syncs.want(to, now);
      return;
    }
    if (to) await this.#syncs.know(to, now);
    if (!isLeft) await this.#syncs.leave(from, whyLeft(from, place, to), now);
  }
}

function whyLeft(
  from: SyncPlace,
  place: Place | undefined,
  to: SyncPlace | undefined,
): string {
  const { environment, cluster, namespace } = from;
  const why = place
    ? `${environment} is no longer configured with a cluster`
    : `${environment} is no longer configured`;
  const moved =
    to &&
    `${environment} is in ${to.namespace} of ${to.cluster} by now, and no longer configured here`;
  return `${
    moved ?? why
  }: what was brought to ${namespace} in ${cluster} was left there as it was. Delete it with its namespace.`;
}

function isSamePlace(one: SyncPlace, other: SyncPlace): boolean {
  return one.cluster === other.cluster && one.namespace === other.namespace;
}

function nameOf(at: Pick<SyncPlace, 'environment' | 'service'>): string {
  return `${at.environment} ${at.service}`;
}
