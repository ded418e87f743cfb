import { Place } from '@highroad/plugin-platform-node/kubernetes';
import { SyncStore } from '../database/SyncStore';
import { placeOf } from './placeOf';

/** Remembers which Secrets have to be looked at, and where these are. */
export class SyncWishes {
  readonly #now: () => Date;
  readonly #syncs: Pick<SyncStore, 'want'>;

  constructor(options: { now: () => Date; syncs: Pick<SyncStore, 'want'> }) {
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
}
