import { SyncItem, SyncStore } from '../database/SyncStore';
import { ClusterSecrets } from '../drivers/kubernetes/ClusterSecrets';
import { ForeignNamespaceError } from '../drivers/kubernetes/clusterErrors';
import { roleName, WorkloadRoles } from '../drivers/vault/WorkloadRoles';
import { CatalogDoubt } from './CatalogDoubt';
import { Problems } from './Problems';
import { Services } from './Services';

/** How often a role that was seen to be right is read again, to mend what somebody changed by hand. */
const FULL_MS = 6 * 3_600_000;

/** Keeps a role in Vault for the programs of each service wherever it runs, and none for others. */
export class WorkloadKeeper {
  readonly #clusters: Pick<ClusterSecrets, 'runsIn'>;
  readonly #mount: string;
  readonly #now: () => Date;
  readonly #roles: Map<string, WorkloadRoles>;
  readonly #services: Pick<Services, 'existing'>;
  readonly #syncs: Pick<SyncStore, 'all'>;
  readonly #doubt = new CatalogDoubt();
  /** What was seen to be right, by cluster and name */
  #right = new Set<string>();
  /** What is called as the roles of this engine once were, and was seen to be another's; by cluster and name */
  #others = new Set<string>();
  #fullAt = 0;

  constructor(options: {
    clusters: Pick<ClusterSecrets, 'runsIn'>;
    /** Of the engine with the secrets */
    mount: string;
    now: () => Date;
    /** By cluster */
    roles: Map<string, WorkloadRoles>;
    services: Pick<Services, 'existing'>;
    syncs: Pick<SyncStore, 'all'>;
  }) {
    this.#clusters = options.clusters;
    this.#mount = options.mount;
    this.#now = options.now;
    this.#roles = options.roles;
    this.#services = options.services;
    this.#syncs = options.syncs;
  }

  /** @throws what was wrong with the first that could not be kept, when all others were */
  async sweep(): Promise<void> {
    const now = this.#now().getTime();
    if (now >= this.#fullAt) {
      this.#right = new Set();
      this.#others = new Set();
      this.#fullAt = now + FULL_MS;
    }
    const all = await this.#syncs.all();
    const services = [...new Set(all.map(({ place }) => place.service))];
    const there = await this.#services.existing(services);
    if (!this.#doubt.believes(services.length, there.size)) return;
    const problems = new Problems();
    for (const [cluster, roles] of this.#roles) {
      await problems.after(() =>
        this.#keep(cluster, roles, { all, there, problems }),
      );
    }
    problems.tell();
  }

  async #keep(
    cluster: string,
    roles: WorkloadRoles,
    known: { all: SyncItem[]; there: Set<string>; problems: Problems },
  ): Promise<void> {
    const { all, there, problems } = known;
    const { ours, suspects } = await roles.list();
    const unwanted = new Set(ours);
    for (const { place, memory } of all) {
      if (place.cluster !== cluster || !there.has(place.service)) continue;
      const name = roleName(place, this.#mount);
      const stands = await this.#stands(place, memory.state);
      // While the cluster does not answer, what is there stays, and nothing comes.
      if (stands === false) continue;
      const isThere = unwanted.delete(name);
      const right = `${cluster} ${name} ${place.namespace}`;
      if (!stands || (isThere && this.#right.has(right))) continue;
      await problems.after(async () => {
        await roles.keep(place);
        this.#right.add(right);
      });
    }
    for (const name of unwanted) {
      await problems.after(() => roles.remove(name));
    }
    const places = all.map(({ place }) => place);
    for (const name of suspects) {
      const other = `${cluster} ${name}`;
      if (this.#others.has(other)) continue;
      await problems.after(async () => {
        if (await roles.isEarlier(name, places)) await roles.remove(name);
        else this.#others.add(other);
      });
    }
  }

  /** @returns whether the namespace is the service's; nothing where that cannot be seen */
  async #stands(
    place: Parameters<ClusterSecrets['runsIn']>[0],
    state: string,
  ): Promise<boolean | undefined> {
    if (state === 'synced') return true;
    if (state === 'waiting' || state === 'left') return false;
    try {
      return await this.#clusters.runsIn(place);
    } catch (error) {
      return error instanceof ForeignNamespaceError ? false : undefined;
    }
  }
}
