import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  SyncItem,
  SyncMemory,
  SyncPlace,
  SyncStore,
} from '../database/SyncStore';
import { SecretPlace } from '../drivers/kubernetes/ClusterSecrets';
import { ClusterError } from '../drivers/kubernetes/clusterErrors';
import { FirstArrival } from '../drivers/kubernetes/usesSecret';
import { ForeignShapeError } from '../drivers/vault/SecretVault';
import { VaultError } from '../drivers/vault/vaultErrors';
import { Recorder } from '../service/Recorder';
import { SyncedClusters, SyncedVault, Syncer } from '../service/Syncer';

export const place: SyncPlace = {
  service: 'component:default/cart',
  environment: 'staging',
  cluster: 'one',
  namespace: 'cart-staging',
  secret: 'cart',
};
/** Changes within so many milliseconds are one restart. */
export const WINDOW = 10_000;
export const MIB = 1024 * 1024;

/** A process that ends before some effect. */
export class Killed extends Error {
  message = 'Killed.';
}

function refusalOf(key: string): VaultError {
  return new VaultError('refused', `Vault refused the platform ${key}.`);
}

/** A store and a cluster in memory, with each effect counted, so that a process can end before any of them. */
export class World {
  now = 1_800_000_000_000;
  runs = true;
  down = false;
  values = new Map<
    string,
    { value: string; version: number; madeAt: string }
  >();
  /** Earlier values, by key and version */
  older = new Map<string, string>();
  /** Keys whose newest value was written straight to Vault, in another shape */
  foreign = new Set<string>();
  /** Keys that Vault does not give, or not even the versions of */
  refused = new Map<string, 'value' | 'all'>();
  /** Keys whose newest value the platform wrote */
  marked = new Set<string>();
  held = new Map<string, string>();
  /** Keys that somebody else wrote too, and that stay for that */
  coOwned = new Set<string>();
  revision = 0;
  /** The cluster's own */
  clock = this.now;
  writtenAt = new Date(this.clock);
  restarts = new Set<string>();
  restartedFor: string[] | undefined;
  first: FirstArrival | undefined;
  /** Programs that do not have the newest values yet */
  users = ['Deployment cart'];
  writes = 0;
  reads = 0;
  looks = 0;
  effects = 0;
  killAt = Infinity;

  set(key: string, value: string) {
    const before = this.values.get(key);
    const version = (before?.version ?? 0) + 1;
    if (before) this.older.set(`${key} ${before.version}`, before.value);
    this.writes += 1;
    const madeAt = `2027-01-15T08:00:00.${String(this.writes).padStart(
      9,
      '0',
    )}Z`;
    this.values.set(key, { value, version, madeAt });
  }

  /** As pods would see it. */
  value(key: string) {
    return Buffer.from(this.held.get(key) ?? '', 'base64').toString();
  }

  #effect() {
    this.effects += 1;
    if (this.effects === this.killAt) throw new Killed();
  }

  vault: SyncedVault = {
    keys: async () => [...this.values.keys()],
    facts: async ({ key }) => {
      this.looks += 1;
      if (this.refused.get(key) === 'all') throw refusalOf(key);
      return {
        version: this.values.get(key)?.version ?? 0,
        readable: true,
        versions: [this.values.get(key)].flatMap(one =>
          one
            ? [{ version: one.version, at: one.madeAt, state: 'readable' }]
            : [],
        ),
        ...(this.marked.has(key) && { mark: { kept: 'x', keyId: 'y' } }),
      };
    },
    read: async ({ key }, _, wanted) => {
      this.reads += 1;
      if (this.refused.has(key)) throw refusalOf(key);
      const newest = this.values.get(key)!;
      const version = wanted ?? newest.version;
      if (version === newest.version && this.foreign.has(key)) {
        throw new ForeignShapeError('It needs a field "value".');
      }
      const value =
        version === newest.version
          ? newest.value
          : this.older.get(`${key} ${version}`)!;
      return { value: new SecretValue(value), encoding: 'text', version };
    },
  };

  clusters: SyncedClusters = {
    runsIn: async () => {
      if (this.down) throw new ClusterError('The cluster does not answer.');
      return this.runs;
    },
    read: async () => (this.revision === 0 ? undefined : this.#secret()),
    apply: async (_: SecretPlace, data) => {
      this.#effect();
      const next = new Map([
        ...[...this.held].filter(([key]) => this.coOwned.has(key)),
        ...[...data].map(([key, one]) => [key, one.reveal()] as const),
      ]);
      const same =
        next.size === this.held.size &&
        [...next].every(([key, value]) => this.held.get(key) === value);
      if (!same) {
        this.revision += 1;
        this.writtenAt = new Date(this.clock);
      }
      this.held = next;
      this.#effect();
      return this.#secret();
    },
    restart: async (_, { at, keys, first }) => {
      this.#effect();
      this.restarts.add(at);
      this.restartedFor = keys;
      this.first = first;
      this.#effect();
      return this.users;
    },
  };

  #secret() {
    return {
      revision: String(this.revision),
      writtenAt: this.writtenAt,
      data: new Map(
        [...this.held].map(([key, value]) => [key, new SecretValue(value)]),
      ),
    };
  }
}

/** One syncer of a store and a cluster in memory, which keeps what it knows in a database. */
export class Syncing {
  readonly world = new World();
  readonly store: SyncStore;
  readonly syncer: Syncer;

  static async begin(
    databases: TestDatabases,
    id: TestDatabaseId,
  ): Promise<Syncing> {
    const db = await databases.init(id);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    return new Syncing(new SyncStore(db));
  }

  private constructor(store: SyncStore) {
    const { world } = this;
    this.store = store;
    this.syncer = new Syncer({
      ...{ store, vault: world.vault, clusters: world.clusters },
      now: () => new Date(world.now),
      random: () => 0,
      recorder: new Recorder({
        auditor: {
          createEvent: async () => ({
            success: async () => {},
            fail: async () => {},
          }),
        },
      }),
      times: {
        pollMs: 30_000,
        vaultPollMs: 3_600_000,
        restartWindowMs: WINDOW,
      },
    });
  }

  iso(ms = 0): string {
    return new Date(this.world.now + ms).toISOString();
  }

  async claim(holder = 'a'): Promise<SyncItem[]> {
    return this.store.claim({
      ...{ holder, now: this.iso(), until: this.iso(120_000), limit: 10 },
      which: { exceptClusters: [] },
    });
  }

  /**
   * Looks at what is due, as a process that may end on the way.
   *
   * @returns how much that was
   */
  async look(): Promise<number> {
    const items = await this.claim();
    for (const item of items) await this.syncer.sync(item);
    return items.length;
  }

  async known(): Promise<SyncMemory> {
    return (await this.store.list(place.service))[0].memory;
  }
}
