import { InputError } from '@backstage/errors';
import { MOST_TOGETHER } from '@highroad/plugin-secrets-common';
import { SyncStore } from '../database/SyncStore';
import { VersionStore } from '../database/VersionStore';
import { isBy } from '../database/whichVersion';
import { SecretPath } from '../drivers/vault/SecretPath';
import { SecretVault } from '../drivers/vault/SecretVault';
import { inTurns } from './inTurns';
import { newestIn } from './seenVersion';
import { kib, largest, roundedSize } from './room';

/** Keeps values out that a Secret of Kubernetes could not hold beside the others of its service. */
export class ValueSizes {
  readonly #syncs: Pick<SyncStore, 'list'>;
  readonly #vault: Pick<SecretVault, 'facts'>;
  readonly #versions: Pick<VersionStore, 'of'>;

  constructor(options: {
    syncs: Pick<SyncStore, 'list'>;
    vault: Pick<SecretVault, 'facts'>;
    versions: Pick<VersionStore, 'of'>;
  }) {
    this.#syncs = options.syncs;
    this.#vault = options.vault;
    this.#versions = options.versions;
  }

  /**
   * What was written straight to Vault is known once it was looked at to be brought to the cluster.
   *
   * @param added - bytes by key, of what is to be written
   * @throws InputError if it is too much together
   */
  async require(
    place: Omit<SecretPath, 'key'>,
    added: Map<string, number>,
  ): Promise<void> {
    const written = await this.#known(place);
    const sizes = new Map<string, number>();
    const newestFirst = [...written].sort((a, b) => b.version - a.version);
    for (const { key, bytes } of newestFirst) {
      if (!sizes.has(key)) sizes.set(key, bytes ?? 0);
    }
    const others = [...sizes.keys()].filter(key => !added.has(key));
    for (const [key, bytes] of added) sizes.set(key, roundedSize(bytes));
    if (sum(sizes) <= MOST_TOGETHER) return;
    // Only now, since it is one request for each key: what is deleted takes no room.
    await inTurns(others, async key => {
      const facts = await this.#vault.facts({ ...place, key });
      const newest = newestIn(facts);
      const now = written.find(
        ({ at, ...one }) =>
          one.key === key &&
          one.version === newest?.version &&
          (at === undefined || isBy({ ...one, at }, newest)),
      );
      sizes.set(key, (facts.readable && now?.bytes) || 0);
    });
    if (sum(sizes) <= MOST_TOGETHER) return;
    throw new InputError(
      `value: all values of ${place.service} in ${
        place.environment
      } would be ${kib(
        sum(sizes),
      )} together, and a Secret of Kubernetes holds ${kib(
        MOST_TOGETHER,
      )}. Nothing was written. The largest are ${largest(
        sizes,
      )}: delete what is not used, or keep large files elsewhere and only what opens them here.`,
    );
  }

  /** Sizes of versions, as far as they are known. */
  async #known(place: Omit<SecretPath, 'key'>): Promise<
    Array<{
      key: string;
      version: number;
      bytes?: number;
      at?: string;
      made?: string;
    }>
  > {
    const syncs = await this.#syncs.list(place.service);
    const weighed = syncs
      .filter(one => one.place.environment === place.environment)
      .flatMap(({ memory }) =>
        Object.entries(memory.weighed).map(([key, one]) => ({ key, ...one })),
      );
    return [...weighed, ...(await this.#versions.of(place))];
  }
}

function sum(sizes: Map<string, number>): number {
  return [...sizes.values()].reduce((all, bytes) => all + bytes, 0);
}
