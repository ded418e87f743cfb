import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { isEarlier } from '../drivers/vault/earlierNames';
import {
  policiesOf,
  policiesOfOwners,
  ServicePolicies,
  ServicePrefixes,
} from '../drivers/vault/ServicePolicies';
import { SecretVault } from '../drivers/vault/SecretVault';
import { CatalogDoubt } from './CatalogDoubt';
import { Problems } from './Problems';
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
  readonly #vault: Pick<SecretVault, 'services'>;
  readonly #doubt = new CatalogDoubt();
  /** What was seen to be right */
  #right = new Map<string, string>();
  /** What is called as the policies of this engine once were, and was seen to be another's */
  #others = new Set<string>();
  #fullAt = 0;

  constructor(options: {
    mount: string;
    now: () => Date;
    places: Places;
    policies: ServicePolicies;
    services: Pick<CatalogServices, 'ownersOf'>;
    vault: Pick<SecretVault, 'services'>;
  }) {
    this.#mount = options.mount;
    this.#now = options.now;
    this.#places = options.places;
    this.#policies = options.policies;
    this.#services = options.services;
    this.#vault = options.vault;
  }

  /** @throws what was wrong with the first that could not be kept, when all others were */
  async sweep(): Promise<void> {
    const now = this.#now().getTime();
    if (now >= this.#fullAt) {
      this.#right = new Map();
      this.#others = new Set();
      this.#fullAt = now + FULL_MS;
    }
    const { ours, suspects } = await this.#policies.list();
    const present = new Set(ours);
    const wanted = await this.#wanted();
    if (!wanted) return;
    const problems = new Problems();
    for (const [name, policy] of wanted) {
      if (present.has(name) && this.#right.get(name) === policy) continue;
      await problems.after(async () => {
        const found = present.has(name)
          ? await this.#policies.read(name)
          : undefined;
        if (found !== policy) await this.#policies.write(name, policy);
        this.#right.set(name, policy);
      });
    }
    for (const name of present) {
      if (wanted.has(name)) continue;
      await problems.after(async () => {
        await this.#policies.remove(name);
        this.#right.delete(name);
      });
    }
    for (const name of suspects) {
      await problems.after(() => this.#removeEarlier(name));
    }
    problems.tell();
  }

  /** Removes what was generated for this engine when names were others, and nothing that may be somebody else's. */
  async #removeEarlier(name: string): Promise<void> {
    if (this.#others.has(name)) return;
    const policy = await this.#policies.read(name);
    if (policy !== undefined && isEarlier(name, policy, this.#mount)) {
      await this.#policies.remove(name);
    } else this.#others.add(name);
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
