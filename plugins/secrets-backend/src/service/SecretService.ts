import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { parseEntityRef } from '@backstage/catalog-model';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  namespaceOf,
  Place,
  Places,
} from '@highroad/plugin-platform-node/kubernetes';
import {
  Encoding,
  problemOfValue,
  Secret,
  SecretChange,
  SecretSync,
  SecretVersion,
} from '@highroad/plugin-secrets-common';
import { syncOf, SyncStore } from '../database/SyncStore';
import { Authorship, VersionStore } from '../database/VersionStore';
import { fingerprint } from '../drivers/vault/fingerprint';
import { SecretPath } from '../drivers/vault/SecretPath';
import {
  KeyFacts,
  SecretVault,
  StoredValue,
} from '../drivers/vault/SecretVault';
import { Reconciler } from './Reconciler';
import { Services } from './Services';

const AT_ONCE = 8;

/** A value that is to be set. */
export interface Entry {
  key: string;
  value: SecretValue;
  encoding: Encoding;
  /** Only if the newest version is this one */
  ifVersion?: number;
}

/** What became of it, and how far the clusters are. */
export interface Changed {
  changes: SecretChange[];
  sync: SecretSync[];
  leftOut: string[];
}

/** Secrets of services. Knows nothing of who asks but their name. */
export class SecretService {
  readonly #now: () => Date;
  readonly #places: Places;
  readonly #reconciler: Pick<Reconciler, 'look'>;
  readonly #services: Services;
  readonly #syncs: SyncStore;
  readonly #vault: SecretVault;
  readonly #versions: VersionStore;

  constructor(options: {
    now: () => Date;
    places: Places;
    reconciler: Pick<Reconciler, 'look'>;
    services: Services;
    syncs: SyncStore;
    vault: SecretVault;
    versions: VersionStore;
  }) {
    this.#now = options.now;
    this.#places = options.places;
    this.#reconciler = options.reconciler;
    this.#services = options.services;
    this.#syncs = options.syncs;
    this.#vault = options.vault;
    this.#versions = options.versions;
  }

  /** Every key of a service, by environment. */
  async list(
    service: string,
    environment?: string,
  ): Promise<{ items: Secret[]; sync: SecretSync[] }> {
    await this.#services.require(service);
    const places = environment
      ? [this.#places.get(environment)]
      : this.#places.all();
    const syncs = (await this.#syncs.list(service)).filter(({ place }) =>
      places.some(one => one.name === place.environment),
    );
    const items: Secret[] = [];
    for (const current of places) {
      const { name } = current;
      const place = { service, environment: name };
      const authors = await this.#versions.of(place);
      const keys = await this.#vault.keys(place);
      const sync = syncs.find(one => one.place.environment === name);
      for (let at = 0; at < keys.length; at += AT_ONCE) {
        const found = await Promise.all(
          keys.slice(at, at + AT_ONCE).map(async key => {
            const facts = await this.#vault.facts({ ...place, key });
            return secretOf({ ...place, key }, facts, authors, sync);
          }),
        );
        items.push(...found.filter(({ version }) => version > 0));
      }
      const news = items.some(
        item => item.environment === name && item.sync === 'behind',
      );
      // Written straight to Vault, it need not wait until Vault is asked again.
      if (news && sync?.memory.state === 'synced')
        await this.#want(service, current);
    }
    return { items, sync: syncs.map(syncOf) };
  }

  /** @throws NotFoundError */
  async get(path: SecretPath): Promise<{ secret: Secret; sync?: SecretSync }> {
    const facts = await this.#known(path);
    const authors = await this.#versions.of(path);
    const sync = (await this.#syncs.list(path.service)).find(
      ({ place }) => place.environment === path.environment,
    );
    return {
      secret: secretOf(path, facts, authors, sync),
      ...(sync && { sync: syncOf(sync) }),
    };
  }

  /** @throws NotFoundError */
  async history(path: SecretPath): Promise<SecretVersion[]> {
    const facts = await this.#known(path);
    const authors = await this.#versions.of(path);
    return facts.versions.map(({ version, at, state }) => {
      const author = authors.find(
        one => one.key === path.key && one.version === version,
      );
      return {
        version,
        at,
        state: state === 'readable' ? standingOf(version, facts) : state,
        ...(author && { by: author.actor, how: author.how }),
      };
    });
  }

  /**
   * Sets keys in environments, then brings them to the clusters. What is the same already is not written again.
   *
   * @throws InputError, NotFoundError before anything is written; ConflictError or VaultError that say what was
   */
  async set(
    service: string,
    environments: string[],
    entries: Entry[],
    by: { actor: string; how: Authorship['how'] },
  ): Promise<Changed> {
    entries.forEach(({ key, value, encoding }, at) => {
      const problem = problemOfValue(value, encoding);
      if (problem) throw new InputError(`value of ${key}: ${problem}.`);
      if (entries.findIndex(other => other.key === key) < at) {
        throw new InputError(`key: ${key} is there twice.`);
      }
    });
    const named = environments.length === 1;
    if (!named && entries.some(one => one.ifVersion !== undefined)) {
      throw new InputError(
        'ifVersion: versions differ between environments; name the environment.',
      );
    }
    return this.#changing(service, environments, async (environment, done) => {
      const hmacKey = await this.#vault.fingerprintKey();
      for (const entry of entries) {
        const path = { service, environment, key: entry.key };
        const { ifVersion, ...stored } = entry;
        const mark = fingerprint(hmacKey, path, stored);
        const facts = await this.#vault.facts(path);
        if (ifVersion !== undefined && facts.version !== ifVersion) {
          throw new ConflictError(
            `${entry.key} in ${environment} is at version ${facts.version}, not ${ifVersion}; nothing was written. Look at it, then set it again.`,
          );
        }
        if (facts.readable && facts.fingerprint === mark) {
          const { version } = facts;
          done({ environment, key: entry.key, outcome: 'unchanged', version });
          continue;
        }
        const version = await this.#vault.write(path, stored, {
          after: facts.version,
        });
        await this.#versions.add(
          path,
          { version, actor: by.actor, how: by.how },
          this.#now().toISOString(),
        );
        const outcome = by.how === 'restore' ? 'restored' : 'set';
        done({ environment, key: entry.key, outcome, version });
        // Last: without it the same value would only be written once more.
        await this.#vault.mark(path, version, mark);
      }
    });
  }

  /**
   * Sets a key that was never set. What somebody else set is theirs, also if they took it away again.
   *
   * @returns its version; nothing where the key is there
   */
  async provide(
    path: SecretPath,
    value: SecretValue,
    by: { actor: string },
  ): Promise<number | undefined> {
    const { service, environment, key } = path;
    if ((await this.#vault.facts(path)).version > 0) return undefined;
    const { changes } = await this.set(
      service,
      [environment],
      [{ key, value, encoding: 'text', ifVersion: 0 }],
      { actor: by.actor, how: 'set' },
    );
    return changes[0].version;
  }

  /** Writes an earlier value again, as a new version. */
  async restore(
    path: SecretPath,
    version: number,
    by: { actor: string; ifVersion?: number },
  ): Promise<Changed> {
    await this.#known(path);
    const stored = await this.#value(path, version);
    const { value, encoding } = stored;
    return this.set(
      path.service,
      [path.environment],
      [{ key: path.key, value, encoding, ifVersion: by.ifVersion }],
      { actor: by.actor, how: 'restore' },
    );
  }

  async delete(path: SecretPath): Promise<Changed> {
    const { service, environment, key } = path;
    const { readable } = await this.#known(path);
    if (!readable) throw new NotFoundError(`${key} is deleted already.`);
    return this.#changing(service, [environment], async (_, done) => {
      await this.#vault.delete(path);
      const { version } = await this.#vault.facts(path);
      done({ environment, key, outcome: 'deleted', version });
    });
  }

  async undelete(path: SecretPath): Promise<Changed> {
    const { service, environment, key } = path;
    const { readable, version, versions } = await this.#known(path);
    if (readable) throw new ConflictError(`${key} is not deleted.`);
    if (versions.find(one => one.version === version)?.state === 'destroyed') {
      throw new ConflictError(
        `${key} was destroyed in Vault and cannot be put back. Restore an earlier version, or set it.`,
      );
    }
    return this.#changing(service, [environment], async (_, done) => {
      await this.#vault.undelete(path, version);
      done({ environment, key, outcome: 'undeleted', version });
    });
  }

  /** @throws NotFoundError for one that is not there or deleted */
  async reveal(path: SecretPath, version?: number): Promise<StoredValue> {
    await this.#known(path);
    return this.#value(path, version);
  }

  /** Every value of a service in one environment, by key. */
  async values(
    service: string,
    environment: string,
  ): Promise<Map<string, StoredValue>> {
    await this.#services.require(service);
    this.#places.get(environment);
    const keys = await this.#vault.keys({ service, environment });
    const values = new Map<string, StoredValue>();
    for (const key of keys) {
      const stored = await this.#vault.read(
        { service, environment, key },
        'reveal',
      );
      if (stored) values.set(key, stored);
    }
    return values;
  }

  /** Fingerprints of every value of a service in one environment, by key. */
  async fingerprints(
    service: string,
    environment: string,
  ): Promise<Map<string, string>> {
    const hmacKey = await this.#vault.fingerprintKey();
    const values = await this.values(service, environment);
    return new Map(
      [...values].map(([key, stored]) => [
        key,
        fingerprint(hmacKey, { service, key }, stored),
      ]),
    );
  }

  /** @throws NotFoundError that says which of service, environment and key is not there */
  async #known(path: SecretPath): Promise<KeyFacts> {
    await this.#services.require(path.service);
    this.#places.get(path.environment);
    const facts = await this.#vault.facts(path);
    if (facts.version > 0) return facts;
    throw new NotFoundError(
      `${path.service} has no key ${path.key} in ${path.environment}.`,
    );
  }

  async #value(path: SecretPath, version?: number): Promise<StoredValue> {
    const stored = await this.#vault.read(path, 'reveal', version);
    if (stored) return stored;
    throw new NotFoundError(
      version
        ? `Version ${version} of ${path.key} in ${path.environment} is not there any more.`
        : `${path.key} in ${path.environment} is deleted.`,
    );
  }

  /** Remembers first which Secrets will have to follow, then changes, then has them follow. */
  async #changing(
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
        await this.#want(service, place, { settling: true });
        await work(place.name, change => changes.push(change));
      }
      for (const place of places) await this.#want(service, place);
    } catch (error) {
      // Whether the last of it was done is not known, or it may still be.
      for (const place of places) {
        await this.#want(service, place, { settling: true });
      }
      throw withDone(error, changes);
    } finally {
      if (changes.some(({ outcome }) => outcome !== 'unchanged')) {
        await this.#reconciler.look(service, environments);
      }
    }
    const sync = (await this.#syncs.list(service))
      .filter(({ place }) => environments.includes(place.environment))
      .map(syncOf);
    return { changes, sync, leftOut: [] };
  }

  async #want(
    service: string,
    place: Place,
    options?: { settling: boolean },
  ): Promise<void> {
    const { cluster, name: environment } = place;
    if (!cluster) return;
    const { name: secret } = parseEntityRef(service);
    const namespace = namespaceOf(place, secret);
    await this.#syncs.want(
      { service, environment, cluster, namespace, secret },
      this.#now().toISOString(),
      options,
    );
  }
}

function standingOf(version: number, facts: KeyFacts): SecretVersion['state'] {
  return version === facts.version ? 'current' : 'superseded';
}

function secretOf(
  path: SecretPath,
  facts: KeyFacts,
  authors: Authorship[],
  sync: Awaited<ReturnType<SyncStore['list']>>[number] | undefined,
): Secret {
  const { service, environment, key } = path;
  const { version, readable, versions } = facts;
  const author = authors.find(
    one => one.key === key && one.version === version,
  );
  const brought = sync?.memory.versions[key];
  const state = sync?.memory.state;
  return {
    ...{ service, environment, key, version },
    state: readable ? 'set' : 'deleted',
    updatedAt: versions[0]?.at ?? '',
    ...(author && { updatedBy: author.actor }),
    ...(state && {
      sync:
        state === 'synced' && brought !== (readable ? version : undefined)
          ? 'behind'
          : state,
    }),
  };
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
