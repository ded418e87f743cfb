import { SyncItem, SyncStore } from '../database/SyncStore';
import { ClusterSecrets } from '../drivers/kubernetes/ClusterSecrets';
import { wasNeverThere } from './leftOut';
import { Problems } from './Problems';

/** So long it is said what was left in a cluster that the configuration does not name, where nobody can look, in days. */
export const LEFT_DAYS = 30;
const DAY_MS = 86_400_000;

/** Ends what is said of places that were left, when there is nothing of ours any more. */
export class LeftPlaces {
  readonly #clusters: Pick<ClusterSecrets, 'before' | 'knows' | 'read'>;
  readonly #now: () => Date;
  readonly #syncs: Pick<SyncStore, 'all' | 'forget'>;

  constructor(options: {
    clusters: Pick<ClusterSecrets, 'before' | 'knows' | 'read'>;
    now: () => Date;
    syncs: Pick<SyncStore, 'all' | 'forget'>;
  }) {
    this.#clusters = options.clusters;
    this.#now = options.now;
    this.#syncs = options.syncs;
  }

  /** @throws what was wrong with the first that could not be looked at, when all others were */
  async sweep(): Promise<void> {
    const problems = new Problems();
    for (const item of await this.#syncs.all()) {
      if (item.memory.state !== 'left') continue;
      await problems.after(async () => {
        if (await this.#isOver(item)) await this.#syncs.forget(item.place);
      });
    }
    problems.tell();
  }

  /** Programs may go on with what a Secret was, also where it is gone. */
  async #isOver({ place, memory, leftAt }: SyncItem): Promise<boolean> {
    if (wasNeverThere(memory)) return true;
    if (!this.#clusters.knows(place.cluster)) {
      const since = leftAt ? Date.parse(leftAt) : this.#now().getTime();
      return this.#now().getTime() - since > LEFT_DAYS * DAY_MS;
    }
    const secret = await this.#clusters.read(place);
    // Without a time nothing in it is ours.
    if (secret?.writtenAt) return false;
    const { versions, replacedAt } = memory;
    const keys = new Set([
      ...Object.keys(versions),
      ...Object.keys(replacedAt),
    ]);
    if (keys.size === 0) return true;
    const users = await this.#clusters.before(place, { keys: [...keys] });
    return users.length === 0;
  }
}
