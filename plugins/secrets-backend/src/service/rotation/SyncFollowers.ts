import { SyncStore } from '../../database/SyncStore';
import { SecretPath } from '../../drivers/vault/SecretPath';
import { ClusterSecrets } from '../../drivers/kubernetes/ClusterSecrets';
import { isFailing, leftOut } from '../leftOut';
import { Followers } from './Rotator';

/** Whether clusters have the newest values, and programs have been replaced since. */
export class SyncFollowers implements Followers {
  readonly #clusters: Pick<ClusterSecrets, 'restarting'>;
  readonly #syncs: Pick<SyncStore, 'list'>;

  constructor(options: {
    clusters: Pick<ClusterSecrets, 'restarting'>;
    syncs: Pick<SyncStore, 'list'>;
  }) {
    this.#clusters = options.clusters;
    this.#syncs = options.syncs;
  }

  async behind({
    service,
    environment,
    key,
  }: SecretPath): Promise<string | undefined> {
    const syncs = await this.#syncs.list(service);
    for (const { place, memory } of syncs) {
      if (place.environment !== environment) continue;
      if (memory.state === 'waiting') continue;
      const stuck = isFailing(memory) || leftOut(memory).includes(key);
      if (stuck) return memory.message;
      const isToCome = memory.restartAt && memory.state !== 'left';
      if (isToCome) return 'Programs are about to be restarted.';
      const restarting = await this.#clusters.restarting(place);
      if (restarting.length > 0) {
        return `${restarting.join(', ')} still restart.`;
      }
    }
    return undefined;
  }
}
