import { Place, Places } from '@highroad/plugin-platform-node/kubernetes';
import { SyncPlace, SyncStore } from '../database/SyncStore';
import { SecretVault } from '../drivers/vault/SecretVault';
import { placeOf } from './placeOf';

/**
 * Finds services whose first secret was written straight to Vault, or by a database that is gone; and those whose environment
 * is another place since the configuration was changed.
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

  /** @throws what was wrong with the first service that could not be looked after, when all others were */
  async sweep(): Promise<void> {
    const known = await this.#syncs.places();
    const problems: unknown[] = [];
    const note = (error: unknown) => problems.push(error);
    for (const one of known) await this.#follow(one).catch(note);
    const isKnown = new Set(known.map(nameOf));
    for (const place of this.#places.all()) {
      if (!place.cluster) continue;
      for (const service of await this.#vault.services(place.name)) {
        if (isKnown.has(nameOf({ environment: place.name, service }))) continue;
        await this.#know(place, service).catch(note);
      }
    }
    if (problems.length > 0) throw problems[0];
  }

  async #know(place: Place, service: string): Promise<void> {
    const wanted = placeOf(place, service);
    if (wanted) await this.#syncs.know(wanted, this.#now().toISOString());
  }

  /** To where the configuration says that it is by now. What stands at the place before is left there. */
  async #follow(from: SyncPlace): Promise<void> {
    const place = this.#places
      .all()
      .find(({ name }) => name === from.environment);
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
