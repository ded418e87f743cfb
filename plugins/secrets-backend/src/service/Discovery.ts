import { parseEntityRef } from '@backstage/catalog-model';
import { namespaceOf, Places } from '@highroad/plugin-platform-node/kubernetes';
import { SyncStore } from '../database/SyncStore';
import { SecretVault } from '../drivers/vault/SecretVault';

/** Finds services whose first secret was written straight to Vault, or by a database that is gone. */
export class Discovery {
  readonly #now: () => Date;
  readonly #places: Places;
  readonly #syncs: SyncStore;
  readonly #vault: SecretVault;

  constructor(options: {
    now: () => Date;
    places: Places;
    syncs: SyncStore;
    vault: SecretVault;
  }) {
    this.#now = options.now;
    this.#places = options.places;
    this.#syncs = options.syncs;
    this.#vault = options.vault;
  }

  async sweep(): Promise<void> {
    const known = new Set(
      (await this.#syncs.places()).map(
        ({ environment, service }) => `${environment} ${service}`,
      ),
    );
    for (const place of this.#places.all()) {
      const { cluster, name: environment } = place;
      if (!cluster) continue;
      for (const service of await this.#vault.services(environment)) {
        if (known.has(`${environment} ${service}`)) continue;
        const { name: secret } = parseEntityRef(service);
        const namespace = namespaceOf(place, secret);
        await this.#syncs.know(
          { service, environment, cluster, namespace, secret },
          this.#now().toISOString(),
        );
      }
    }
  }
}
