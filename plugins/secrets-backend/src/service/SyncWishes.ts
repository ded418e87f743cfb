import { Place } from '@highroad/plugin-platform-node/kubernetes';
import { SyncStore } from '../database/SyncStore';
import { placeOf } from './placeOf';

/**
 * How long after one look what was under way then is looked at once more: longer than what a process asked of Vault may take
 * after it is gone. One that lives says again that something is under way.
 */
export const SETTLE_MS = 30_000;

/** Remembers which Secrets have to be looked at, and where these are. */
export class SyncWishes {
  readonly #now: () => Date;
  readonly #syncs: Pick<SyncStore, 'settles' | 'want'>;

  constructor(options: {
    now: () => Date;
    syncs: Pick<SyncStore, 'settles' | 'want'>;
  }) {
    this.#now = options.now;
    this.#syncs = options.syncs;
  }

  /** @param options.settling - a change is under way, which may come after the next look */
  async want(
    service: string,
    place: Place,
    options?: { settling: boolean },
  ): Promise<void> {
    const wanted = placeOf(place, service);
    if (!wanted) return;
    await this.#syncs.want(wanted, this.#now().toISOString(), options);
  }

  /** The change that was under way still is. Nothing is looked at sooner for that. */
  async stillSettling(service: string, place: Place): Promise<void> {
    const wanted = placeOf(place, service);
    if (!wanted) return;
    const by = new Date(this.#now().getTime() + SETTLE_MS);
    await this.#syncs.settles(wanted, by.toISOString());
  }
}
