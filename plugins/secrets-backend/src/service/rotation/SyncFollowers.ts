import { SyncItem, SyncStore } from '../../database/SyncStore';
import { WhichVersion } from '../../database/whichVersion';
import { ClusterSecrets } from '../../drivers/kubernetes/ClusterSecrets';
import { SecretPath } from '../../drivers/vault/SecretPath';
import { SecretVault } from '../../drivers/vault/SecretVault';
import { isBegunAnew, isFailing, leftOut } from '../leftOut';
import { newestIn } from '../seenVersion';
import { Followers } from './Rotator';

/** So many programs are named in a sentence. */
const MOST_NAMED = 3;

/** Whether clusters have the newest values, and programs have been replaced since. */
export class SyncFollowers implements Followers {
  readonly #clusters: Pick<ClusterSecrets, 'before' | 'knows' | 'restarting'>;
  readonly #syncs: Pick<SyncStore, 'list'>;
  readonly #vault: Pick<SecretVault, 'facts'>;

  constructor(options: {
    clusters: Pick<ClusterSecrets, 'before' | 'knows' | 'restarting'>;
    syncs: Pick<SyncStore, 'list'>;
    vault: Pick<SecretVault, 'facts'>;
  }) {
    this.#clusters = options.clusters;
    this.#syncs = options.syncs;
    this.#vault = options.vault;
  }

  async behind(path: SecretPath): Promise<string | undefined> {
    const facts = await this.#vault.facts(path);
    const newest = facts.readable ? newestIn(facts) : undefined;
    const syncs = await this.#syncs.list(path.service);
    for (const sync of syncs) {
      if (sync.place.environment !== path.environment) continue;
      const behind = await this.#at(sync, path.key, newest);
      if (behind) return behind;
    }
    return undefined;
  }

  /** @param newest - version that programs should have; nothing for a key that is deleted */
  async #at(
    { place, memory }: SyncItem,
    key: string,
    newest: WhichVersion | undefined,
  ): Promise<string | undefined> {
    if (memory.state === 'waiting') return undefined;
    const { namespace, secret, cluster } = place;
    // What has the number of another one, since its key began again, may not have come yet.
    const has =
      memory.versions[key] === newest?.version &&
      !isBegunAnew(memory, key, newest?.at);
    if (memory.state === 'left') {
      // Whoever takes a cluster away says that nothing there is the platform's concern any more.
      if (!this.#clusters.knows(cluster)) return undefined;
      if (!has || memory.restartAt) {
        const users = await this.#clusters.before(place, { keys: [key] });
        return users.length === 0
          ? undefined
          : `${named(
              users,
            )} in ${namespace} of ${cluster} had an earlier value when that was left, and ${
              users.length === 1 ? 'gets' : 'get'
            } no newer one. Delete the namespace, or configure the environment again.`;
      }
    } else {
      if (isFailing(memory) || leftOut(memory).includes(key)) {
        return memory.message;
      }
      if (!has) {
        return `The Secret ${secret} in ${namespace} does not have the newest value yet.`;
      }
      if (memory.restartAt) return 'Programs are about to be restarted.';
    }
    const restarting = await this.#clusters.restarting(place, [key]);
    if (restarting.length > 0) {
      return `${named(restarting)} still ${
        restarting.length === 1 ? 'restarts' : 'restart'
      }.`;
    }
    const replacedAt = memory.replacedAt[key];
    const before = replacedAt
      ? await this.#clusters.before(place, {
          keys: [key],
          since: new Date(replacedAt),
        })
      : [];
    return before.length === 0
      ? undefined
      : `${named(
          before,
        )} in ${namespace} began before it was replaced, and still ${
          before.length === 1 ? 'runs' : 'run'
        }.`;
  }
}

function named(all: string[]): string {
  const more = all.length - MOST_NAMED;
  return (
    all.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
  );
}
