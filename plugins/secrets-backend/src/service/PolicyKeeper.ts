import { Places } from '@highroad/plugin-platform-node/kubernetes';
import {
  policiesOf,
  policiesOfOwners,
  ServicePolicies,
  ServicePrefixes,
} from '../drivers/vault/ServicePolicies';
import { SecretVault } from '../drivers/vault/SecretVault';
import { CatalogDoubt } from './CatalogDoubt';
import { CatalogServices } from './Services';

/** How often each policy is read again, to mend what somebody changed by hand. */
const FULL_MS = 6 * 3_600_000;

/** Keeps policies in Vault for each service that has secrets and for whom it belongs to, and none for others. */
export class PolicyKeeper {
  readonly #mount: string;
  readonly #now: () => Date;
  readonly #places: Places;
  readonly #policies: ServicePolicies;
  readonly #services: Pick<CatalogServices, 'ownersOf'>;
  readonly #vault: SecretVault;
  readonly #doubt = new CatalogDoubt();
  /** What was seen to be right */
  #right = new Map<string, string>();
  #fullAt = 0;

  constructor(options: {
    mount: string;
    now: () => Date;
    places: Places;
    policies: ServicePolicies;
    services: Pick<CatalogServices, 'ownersOf'>;
    vault: SecretVault;
  }) {
    this.#mount = options.mount;
    this.#now = options.now;
    this.#places = options.places;
    this.#policies = options.policies;
    this.#services = options.services;
    this.#vault = options.vault;
  }

  async sweep(): Promise<void> {
    const now = this.#now().getTime();
    if (now >= this.#fullAt) {
      this.#right = new Map();
      this.#fullAt = now + FULL_MS;
    }
    const present = new Set(await this.#policies.list());
    const wanted = await this.#wanted();
    if (!wanted) return;
    for (const [name, policy] of wanted) {
      if (present.has(name) && this.#right.get(name) === policy) continue;
      const found = present.has(name)
        ? await this.#policies.read(name)
        : undefined;
      if (found !== policy) await this.#policies.write(name, policy);
      this.#right.set(name, policy);
    }
    for (const name of present) {
      if (wanted.has(name)) continue;
      await this.#policies.remove(name);
      this.#right.delete(name);
    }
  }

  /** Of services that have secrets and are in the catalog; nothing where the catalog may not have been read yet. */
  async #wanted(): Promise<Map<string, string> | undefined> {
    const byService = new Map<string, ServicePrefixes>();
    for (const { name, production } of this.#places.all()) {
      for (const service of await this.#vault.services(name)) {
        const known = byService.get(service) ?? { service, environments: [] };
        known.environments.push({ name, production });
        byService.set(service, known);
      }
    }
    const owners = await this.#services.ownersOf([...byService.keys()]);
    if (!this.#doubt.believes(byService.size, owners.size)) return undefined;
    const all = [...byService.values()]
      .filter(({ service }) => owners.has(service))
      .map(service => ({ ...service, owner: owners.get(service.service) }));
    return new Map([
      ...all.flatMap(service => [...policiesOf(service, this.#mount)]),
      ...policiesOfOwners(all, this.#mount),
    ]);
  }
}
