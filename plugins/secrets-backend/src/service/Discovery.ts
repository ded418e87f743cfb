import { Place, Places } from '@highroad/plugin-platform-node/kubernetes';
import { SyncItem, SyncPlace, SyncStore } from '../database/SyncStore';
import { SecretVault } from '../drivers/vault/SecretVault';
import { placeOf } from './placeOf';

/**
 * Finds services whose first secret was written straight to Vault, or by a database that is gone; and those whose environment
 * is another place, or none, since the configuration was changed.
 */
export class Discovery {
  readonly #now: () => Date;
  readonly #places: Places;
  readonly #syncs: SyncStore;
  readonly #vault: Pick<SecretVault, 'services'>;

  constructor(options: {
    now: () => Date;
    places: Places;
    syncs: SyncStore;
    vault: Pick<SecretVault, 'services'>;
  }) {
    this.#now = options.now;
    this.#places = options.places;
    this.#syncs = options.syncs;
    this.#vault = options.vault;
  }

  /**
   * Stops looking after Secrets whose environment is configured no longer, or without a cluster, and begins again where it is
   * once more. Asks nobody but the database, so that it can be done before anything else is.
   */
  async leave(): Promise<void> {
    for (const { place, memory } of await this.#syncs.all()) {
      const why = this.#whyLeft(place);
      if (why && memory.state !== 'left') await this.#syncs.leave(place, why);
      if (!why && memory.state === 'left') {
        await this.#syncs.want(place, this.#now().toISOString());
      }
    }
  }

  /**
   * What was left where, in words; one for each environment and cluster.
   */
  async left(): Promise<string[]> {
    const left = await this.#syncs.left();
    return left.map(
      ({ environment, cluster, count }) =>
        `${environment} is no longer configured for the cluster ${cluster}: ${
          count === 1 ? '1 Secret was' : `${count} Secrets were`
        } left there as they were, and follow nothing any more. Delete them with their namespaces, or configure it again.`,
    );
  }

  /** @throws what was wrong with the first service that could not be looked after, when all others were */
  async sweep(): Promise<void> {
    await this.leave();
    const known = await this.#syncs.all();
    const problems: unknown[] = [];
    const note = (error: unknown) => problems.push(error);
    for (const one of known) await this.#follow(one).catch(note);
    const isKnown = new Set(known.map(({ place }) => nameOf(place)));
    for (const place of this.#places.all()) {
      if (!place.cluster) continue;
      for (const service of await this.#vault.services(place.name)) {
        if (isKnown.has(nameOf({ environment: place.name, service }))) continue;
        await this.#know(place, service).catch(note);
      }
    }
    if (problems.length > 0) throw problems[0];
  }

  #placeNow({ environment }: SyncPlace): Place | undefined {
    return this.#places.all().find(({ name }) => name === environment);
  }

  /** @returns nothing where the environment is still brought its Secrets, there or elsewhere */
  #whyLeft(from: SyncPlace): string | undefined {
    const place = this.#placeNow(from);
    if (place?.cluster) return undefined;
    return `${
      place
        ? `${from.environment} is no longer configured with a cluster`
        : `${from.environment} is no longer configured`
    }: what was brought to ${from.namespace} in ${
      from.cluster
    } was left there as it was. Delete it with its namespace.`;
  }

  async #know(place: Place, service: string): Promise<void> {
    const wanted = placeOf(place, service);
    if (wanted) await this.#syncs.know(wanted, this.#now().toISOString());
  }

  /** To where the configuration says that it is by now. What stands at the place before is left there. */
  async #follow({ place: from }: SyncItem): Promise<void> {
    const place = this.#placeNow(from);
    const to = place && placeOf(place, from.service);
    if (!to) return;
    const now = this.#now().toISOString();
    if (from.cluster !== to.cluster) {
      await this.#syncs.know(to, now);
      await this.#syncs.forget(from);
    } else if (from.namespace !== to.namespace) {
      await this.#syncs.want(to, now);
    }
  }
}

function nameOf(at: Pick<SyncPlace, 'environment' | 'service'>): string {
  return `${at.environment} ${at.service}`;
}
