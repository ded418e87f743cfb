import { NotFoundError } from '@backstage/errors';
import { Place, Places } from '@highroad/plugin-platform-node/kubernetes';
import {
  Secret,
  SecretSync,
  SecretVersion,
  UnseenKey,
} from '@highroad/plugin-secrets-common';
import {
  standingIn,
  syncOf,
  SyncItem,
  SyncMemory,
  SyncStore,
} from '../database/SyncStore';
import { VersionStore } from '../database/VersionStore';
import { isBy } from '../database/whichVersion';
import { fingerprint, printIn } from '../drivers/vault/fingerprint';
import { SecretPath } from '../drivers/vault/SecretPath';
import {
  ForeignShapeError,
  KeyFacts,
  SecretVault,
  StoredValue,
} from '../drivers/vault/SecretVault';
import { VaultError } from '../drivers/vault/vaultErrors';
import { inTurns } from './inTurns';
import { isBegunAnew, isFailing, seenVersions } from './leftOut';
import { newestKnown } from './newestKnown';
import { noVersion } from './noVersion';
import { PROVIDER } from './provider';
import { Reconciler } from './Reconciler';
import { ifRefused, Refusals } from './Refusals';
import { deletionIn, removalsOf, secretOf } from './secretOf';
import { Services } from './Services';
import { SyncWishes } from './SyncWishes';

/** What looking at secrets takes of a Vault. */
export type ReadVault = Pick<
  SecretVault,
  'facts' | 'fingerprintKey' | 'keys' | 'mount' | 'read'
>;

/** What was read of every key of a service in one environment. */
export interface ReadOfAll<T> {
  found: Map<string, T>;
  /** By key that was written straight to Vault in a shape that is not understood, what is wrong with it */
  leftOut: Map<string, string>;
  /** By key that Vault refuses, while it gives others, its words and what helps */
  refused: Map<string, string>;
}

/** Looks at secrets of services. Knows nothing of who asks. */
export class SecretReader {
  readonly #places: Places;
  readonly #reconciler: Pick<Reconciler, 'look'>;
  readonly #services: Services;
  readonly #syncs: SyncStore;
  readonly #vault: ReadVault;
  readonly #versions: VersionStore;
  readonly #wishes: SyncWishes;

  constructor(options: {
    places: Places;
    reconciler: Pick<Reconciler, 'look'>;
    services: Services;
    syncs: SyncStore;
    vault: ReadVault;
    versions: VersionStore;
    wishes: SyncWishes;
  }) {
    this.#places = options.places;
    this.#reconciler = options.reconciler;
    this.#services = options.services;
    this.#syncs = options.syncs;
    this.#vault = options.vault;
    this.#versions = options.versions;
    this.#wishes = options.wishes;
  }

  /**
   * Every key of a service, by environment. What Vault refuses keeps out nothing but itself.
   *
   * @throws VaultError, also where it refuses all that was asked for
   */
  async list(
    service: string,
    environment?: string,
  ): Promise<{
    items: Secret[];
    unseen: UnseenKey[];
    provided: string[];
    sync: SecretSync[];
  }> {
    await this.#services.require(service);
    const places = environment
      ? [this.#places.get(environment)]
      : this.#places.all();
    const syncs = (await this.#syncs.list(service)).filter(
      ({ place, memory }) =>
        places.some(one => one.name === place.environment) ||
        // Of an environment that is not configured any more, which no list of environments has.
        (!environment && memory.state === 'left'),
    );
    const items: Secret[] = [];
    const unseen: UnseenKey[] = [];
    const lacking = new Set<number>();
    const closed: VaultError[] = [];
    for (const current of places) {
      const { name } = current;
      const place = { service, environment: name };
      const authors = await this.#versions.of(place);
      const removals = await this.#versions.removals(place);
      const all = await this.#lookAt(place);
      if (all instanceof VaultError) {
        closed.push(all);
        unseen.push({ environment: name, why: all.message });
        continue;
      }
      const { keys, looked, refused } = all;
      for (const [key, why] of refused) {
        unseen.push({ environment: name, key, why });
      }
      const sync = await this.#weighed(
        ...([service, current, looked] as const),
        standingIn(syncs, name),
      );
      const found = looked.map(({ path, facts }) =>
        secretOf(path, facts, { authors, removals, sync }),
      );
      items.push(...found.filter(({ version }) => version > 0));
      if (sync && found.some(item => item.sync === 'behind')) {
        lacking.add(sync.id);
      }
      // Written straight to Vault, or taken out of it, it need not wait until Vault is asked again.
      const isOther =
        sync &&
        (found.some(item => isNews(sync.memory, item)) ||
          isGone(sync.memory, keys));
      if (isOther) {
        await this.#wishes.want(service, current);
      }
    }
    const [first] = closed;
    if (first && closed.length === places.length) throw first;
    const sync = syncs.map(one => syncOf(one, lacking.has(one.id)));
    const provided = await this.#versions.keysBy(PROVIDER, service);
    return { items, unseen, provided: provided.get(service) ?? [], sync };
  }

  /**
   * @returns each key that can be looked at, and why others cannot; the error where Vault refuses all that is there
   * @throws VaultError for any other reason
   */
  async #lookAt(place: Omit<SecretPath, 'key'>): Promise<
    | VaultError
    | {
        keys: string[];
        looked: Array<{ path: SecretPath; facts: KeyFacts }>;
        refused: Map<string, string>;
      }
  > {
    const refusals = new Refusals();
    try {
      const keys = await this.#vault.keys(place);
      const looked = await inTurns(keys, async key => {
        const path = { ...place, key };
        const facts = await this.#vault.facts(path).catch(ifRefused);
        if (!(facts instanceof VaultError)) return [{ path, facts }];
        refusals.add(key, facts);
        return [];
      });
      refusals.tellIfAll(keys);
      return { keys, looked: looked.flat(), refused: refusals.words() };
    } catch (error) {
      return ifRefused(error);
    }
  }

  /**
   * What was written straight to Vault is looked at once where the service does not run yet: whoever deploys it is to know
   * whether it can be brought.
   *
   * @returns how far the cluster is then
   */
  async #weighed(
    service: string,
    place: Place,
    looked: Array<{ path: SecretPath; facts: KeyFacts }>,
    sync: SyncItem | undefined,
  ): Promise<SyncItem | undefined> {
    if (sync && sync.memory.state !== 'waiting') return sync;
    const isNew = looked.some(
      ({ path, facts }) =>
        facts.readable &&
        !facts.mark &&
        sync?.memory.weighed[path.key]?.version !== facts.version,
    );
    if (!isNew) return sync;
    await this.#wishes.want(service, place);
    await this.#reconciler.look(service, [place.name]);
    return standingIn(await this.#syncs.list(service), place.name);
  }

  /**
   * Newest versions by key as the platform has written or synced them: another number for another one. Vault is not asked, so
   * that what was written straight to it is known as soon as it is synced.
   *
   * @returns the number of the version; of a key that was taken out of Vault whole, and began again, when Vault made it, in
   * milliseconds. A replica of a version that knows no such keys says the number of these too: while both run, what is lent is
   * lent anew whenever the other one answers
   */
  async newest(
    service: string,
    environment: string,
  ): Promise<Record<string, number>> {
    const written = await this.#versions.of({ service, environment });
    const syncs = (await this.#syncs.list(service)).filter(
      ({ place }) => place.environment === environment,
    );
    return newestKnown(
      written,
      syncs.map(({ memory }) => memory),
    );
  }

  /** @throws NotFoundError */
  async get(path: SecretPath): Promise<{ secret: Secret; sync?: SecretSync }> {
    const facts = await this.known(path);
    const authors = await this.#versions.of(path);
    const removals = await this.#versions.removals(path);
    const sync = standingIn(
      await this.#syncs.list(path.service),
      path.environment,
    );
    const secret = secretOf(path, facts, { authors, removals, sync });
    const lacks = secret.sync === 'behind';
    return { secret, ...(sync && { sync: syncOf(sync, lacks) }) };
  }

  /** @throws NotFoundError */
  async history(
    path: SecretPath,
  ): Promise<{ items: SecretVersion[]; keeps?: number }> {
    const facts = await this.known(path);
    const authors = await this.#versions.of(path);
    const removals = await this.#versions.removals(path);
    const items = facts.versions.map(({ version, at, state, deletedAt }) => {
      const author = authors.find(one => isBy(one, { version, at }));
      const ofThis = removalsOf({ ...path, version, at }, removals);
      const deletion = deletionIn(ofThis, deletedAt);
      const back = ofThis.filter(one => one.what === 'undeleted').at(-1);
      return {
        version,
        at,
        state: state === 'readable' ? currentOrNot(version, facts) : state,
        ...(author && { by: author.actor, how: author.how }),
        ...(deletedAt && { deletedAt }),
        ...(deletion && { deletedBy: deletion.actor }),
        ...(back && { undeletedAt: back.at, undeletedBy: back.actor }),
      };
    });
    return { items, ...(facts.keeps && { keeps: facts.keeps }) };
  }

  /** @throws NotFoundError for one that is not there or deleted */
  async reveal(path: SecretPath, version?: number): Promise<StoredValue> {
    await this.known(path);
    return this.value(path, version);
  }

  /**
   * Every value of a service in one environment, by key. One that is not understood, or that Vault refuses, keeps out nothing
   * but itself.
   *
   * @throws VaultError, also where it refuses all of them
   */
  async values(
    service: string,
    environment: string,
  ): Promise<ReadOfAll<StoredValue>> {
    await this.#services.require(service);
    this.#places.get(environment);
    const keys = await this.#vault.keys({ service, environment });
    const found = new Map<string, StoredValue>();
    const leftOut = new Map<string, string>();
    const refusals = new Refusals();
    for (const key of keys) {
      const path = { service, environment, key };
      try {
        const stored = await this.#vault.read(path, 'reveal');
        if (stored) found.set(key, stored);
      } catch (error) {
        if (error instanceof ForeignShapeError) leftOut.set(key, error.message);
        else refusals.add(key, ifRefused(error));
      }
    }
    refusals.tellIfAll(keys);
    return { found, leftOut, refused: refusals.words() };
  }

  /** Fingerprints of every value of a service in one environment, by key. */
  async fingerprints(
    service: string,
    environment: string,
  ): Promise<ReadOfAll<string>> {
    const hmacKey = await this.#vault.fingerprintKey();
    const { found, ...others } = await this.values(service, environment);
    const fingerprints = [...found].map(
      ([key, stored]) =>
        [key, fingerprint(hmacKey, { service, key }, stored)] as const,
    );
    return { found: new Map(fingerprints), ...others };
  }

  /**
   * Fingerprints that are kept with the keys of a service in one environment, by key. No value is read for it, so one that
   * has none is left out: it was written straight to Vault, or by a process that was gone right after.
   */
  async keptFingerprints(
    service: string,
    environment: string,
  ): Promise<ReadOfAll<string>> {
    await this.#services.require(service);
    this.#places.get(environment);
    const place = { service, environment };
    const hmacKey = await this.#vault.fingerprintKey();
    const found = new Map<string, string>();
    const leftOut = new Map<string, string>();
    const all = await this.#lookAt(place);
    if (all instanceof VaultError) throw all;
    for (const { path, facts } of all.looked) {
      const { key } = path;
      const { mark, readable, version } = facts;
      if (!readable) continue;
      const print = printIn(hmacKey, { ...path, version }, mark);
      if (print) found.set(key, print);
      else {
        leftOut.set(
          key,
          mark
            ? 'Its fingerprint was made with another key.'
            : 'It has no fingerprint yet.',
        );
      }
    }
    return { found, leftOut, refused: all.refused };
  }

  /** @throws NotFoundError that says which of service, environment and key is not there */
  async known(path: SecretPath): Promise<KeyFacts> {
    await this.#services.require(path.service);
    this.#places.get(path.environment);
    const facts = await this.#vault.facts(path);
    if (facts.version > 0) return facts;
    throw new NotFoundError(
      `${path.service} has no key ${path.key} in ${path.environment}.`,
    );
  }

  /** @throws NotFoundError that says what became of it, and what to do */
  async value(path: SecretPath, version?: number): Promise<StoredValue> {
    const stored = await this.#vault.read(path, 'reveal', version);
    if (stored) return stored;
    throw version
      ? noVersion(path, version, {
          ...(await this.#vault.facts(path)),
          mount: this.#vault.mount,
        })
      : new NotFoundError(`${path.key} in ${path.environment} is deleted.`);
  }
}

/** Whether it was changed since Vault was last asked; not where all of it is tried again anyway. */
function isNews(memory: SyncMemory, item: Secret): boolean {
  if (item.sync !== 'behind' || isFailing(memory)) return false;
  const seen = seenVersions(memory)[item.key];
  return (
    item.state === 'deleted' ||
    seen !== item.version ||
    isBegunAnew(memory, item.key, item.updatedAt)
  );
}

/** Whether a key was brought that Vault has nothing of any more; not where all of it is tried again anyway. */
function isGone(memory: SyncMemory, keys: string[]): boolean {
  if (memory.state === 'left' || isFailing(memory)) return false;
  const there = new Set(keys);
  return Object.keys(memory.versions).some(key => !there.has(key));
}

function currentOrNot(
  version: number,
  facts: KeyFacts,
): SecretVersion['state'] {
  return version === facts.version ? 'current' : 'superseded';
}
