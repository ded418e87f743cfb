import { randomInt } from 'node:crypto';
import { Place } from '@highroad/plugin-platform-node/kubernetes';
import { SyncStore, UnderWay } from '../database/SyncStore';
import { placeOf } from './placeOf';

/**
 * How long after it was last heard of something is looked at once more that was under way: longer than what a process asked of Vault may take
 * after it is gone. One that lives says again that something is under way.
 */
const SETTLE_MS = 30_000;
const MOST_STAMPS = 2 ** 31 - 1;

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

  async want(service: string, place: Place): Promise<void> {
    await this.#want(service, place);
  }

  /** @returns what a change is known by while it is under way, in all places that it is about */
  newChange(): number {
    return randomInt(1, MOST_STAMPS);
  }

  /** The change may come after the next look. */
  async begins(service: string, place: Place, change: number): Promise<void> {
    await this.#want(service, place, { begins: this.#underWay(change) });
  }

  /** The change that was under way still is. Nothing is looked at sooner for that. */
  async stillSettling(
    service: string,
    place: Place,
    change: number,
  ): Promise<void> {
    const wanted = placeOf(place, service);
    if (!wanted) return;
    const now = this.#now().toISOString();
    await this.#syncs.settles(wanted, now, this.#underWay(change));
  }

  /** All of the change that will come there has come. */
  async ended(service: string, place: Place, change: number): Promise<void> {
    await this.#want(service, place, { ended: change });
  }

  async #want(
    service: string,
    place: Place,
    options?: Parameters<SyncStore['want']>[2],
  ): Promise<void> {
    const wanted = placeOf(place, service);
    if (!wanted) return;
    await this.#syncs.want(wanted, this.#now().toISOString(), options);
  }

  #underWay(stamp: number): UnderWay {
    const by = new Date(this.#now().getTime() + SETTLE_MS).toISOString();
    return { stamp, by };
  }
}
