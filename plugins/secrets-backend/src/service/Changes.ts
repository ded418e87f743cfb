import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { SecretChange, SecretSync } from '@highroad/plugin-secrets-common';
import { syncOf, SyncStore } from '../database/SyncStore';
import { Reconciler } from './Reconciler';
import { Services } from './Services';
import { SyncWishes } from './SyncWishes';

/** What became of it, and how far the clusters are. */
export interface Changed {
  changes: SecretChange[];
  sync: SecretSync[];
  leftOut: string[];
}

/** Has clusters follow what is changed in Vault, also where that goes wrong on the way. */
export class Changes {
  readonly #places: Places;
  readonly #reconciler: Pick<Reconciler, 'look'>;
  readonly #services: Services;
  readonly #syncs: Pick<SyncStore, 'list'>;
  readonly #wishes: SyncWishes;

  constructor(options: {
    places: Places;
    reconciler: Pick<Reconciler, 'look'>;
    services: Services;
    syncs: Pick<SyncStore, 'list'>;
    wishes: SyncWishes;
  }) {
    this.#places = options.places;
    this.#reconciler = options.reconciler;
    this.#services = options.services;
    this.#syncs = options.syncs;
    this.#wishes = options.wishes;
  }

  /**
   * Remembers first which Secrets will have to follow, then changes, then has them follow.
   *
   * @param work - changes one environment, and says each time what is done
   * @throws what `work` throws, with what was done before that
   */
  async make(
    service: string,
    environments: string[],
    work: (
      environment: string,
      done: (change: SecretChange) => void,
    ) => Promise<void>,
  ): Promise<Changed> {
    await this.#services.require(service);
    const places = environments.map(name => this.#places.get(name));
    const changes: SecretChange[] = [];
    try {
      for (const place of places) {
        await this.#wishes.want(service, place, { settling: true });
        await work(place.name, change => changes.push(change));
      }
      for (const place of places) await this.#wishes.want(service, place);
    } catch (error) {
      // Whether the last of it was done is not known, or it may still be.
      for (const place of places) {
        await this.#wishes.want(service, place, { settling: true });
      }
      throw withDone(error, changes);
    } finally {
      if (changes.some(({ outcome }) => outcome !== 'unchanged')) {
        await this.#reconciler.look(service, environments);
      }
    }
    const sync = await this.standing(service, environments);
    return { changes, sync, leftOut: [] };
  }

  /** How far the clusters are. */
  async standing(
    service: string,
    environments: string[],
  ): Promise<SecretSync[]> {
    return (await this.#syncs.list(service))
      .filter(({ place }) => environments.includes(place.environment))
      .map(syncOf);
  }
}

/** Says what was done before it went wrong, so that nobody takes it for nothing. */
function withDone(error: unknown, changes: SecretChange[]): unknown {
  const done = changes.filter(({ outcome }) => outcome !== 'unchanged');
  if (done.length === 0 || !(error instanceof Error)) return error;
  const list = done.map(({ key, environment }) => `${key} in ${environment}`);
  error.message = `${error.message} Before that, this was done: ${list.join(
    ', ',
  )}.`;
  return error;
}
