import { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { SecretValue } from '@highroad/plugin-platform-common';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import {
  Encoding,
  problemOfValue,
  SecretChange,
  SecretSync,
} from '@highroad/plugin-secrets-common';
import { SyncStore } from '../database/SyncStore';
import { Authorship, Maker, VersionStore } from '../database/VersionStore';
import {
  bytesOf,
  fingerprint,
  markOf,
  printIn,
} from '../drivers/vault/fingerprint';
import { SecretPath } from '../drivers/vault/SecretPath';
import {
  ForeignShapeError,
  KeyFacts,
  SecretVault,
  WrittenVersion,
} from '../drivers/vault/SecretVault';
import { Changed, Changes } from './Changes';
import { Previews } from './Previews';
import { Reconciler } from './Reconciler';
import { roundedSize } from './room';
import { SecretReader } from './SecretReader';
import { checkVersion, newestIn, replacedOf } from './seenVersion';
import { Services } from './Services';
import { SyncWishes } from './SyncWishes';
import { ValueSizes } from './ValueSizes';

/** A value that is to be set. */
export interface Entry {
  key: string;
  value: SecretValue;
  encoding: Encoding;
  /** Only if the newest version is this one; 0 where it was never set */
  ifVersion?: number;
  /** The same by environment, where it is set in several */
  ifVersions?: Record<string, number>;
}

/** What changing secrets takes of a Vault. */
export type ChangedVault = Pick<
  SecretVault,
  'delete' | 'facts' | 'fingerprintKey' | 'mark' | 'read' | 'undelete' | 'write'
>;

/** Changes secrets of services. Knows nothing of who asks but their name. */
export class SecretService {
  readonly #changes: Changes;
  readonly #now: () => Date;
  readonly #reader: SecretReader;
  readonly #sizes: ValueSizes;
  readonly #vault: ChangedVault;
  readonly #versions: VersionStore;

  constructor(options: {
    logger: Pick<LoggerService, 'warn'>;
    now: () => Date;
    places: Places;
    /** None are told of changes, if left out */
    previews?: Previews;
    reader: SecretReader;
    reconciler: Pick<Reconciler, 'look'>;
    services: Services;
    syncs: SyncStore;
    vault: ChangedVault;
    versions: VersionStore;
    wishes: SyncWishes;
  }) {
    this.#changes = new Changes(options);
    this.#now = options.now;
    this.#reader = options.reader;
    this.#sizes = new ValueSizes(options);
    this.#vault = options.vault;
    this.#versions = options.versions;
  }

  /**
   * Sets keys in environments, then brings them to the clusters. What is the same already is not written again, unless Vault
   * is to delete it at a time of its own.
   *
   * @param by.maker - what replaces the values before by these
   * @throws InputError, NotFoundError before anything is written; ConflictError or VaultError that say what was
   */
  async set(
    service: string,
    environments: string[],
    entries: Entry[],
    by: { actor: string; how: Authorship['how']; maker?: Maker },
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
        'ifVersion: versions differ between environments; name the environment, or give ifVersions.',
      );
    }
    for (const { key, ifVersions = {} } of entries) {
      const other = Object.keys(ifVersions).find(
        name => !environments.includes(name),
      );
      if (other === undefined) continue;
      // What it was to protect would be overwritten unseen.
      const shown = other.slice(0, 63);
      const meant = environments.join(', ');
      throw new InputError(
        `ifVersions: "${shown}" of ${key} is none of the environments that are set (${meant}); nothing was set. Correct the name, or leave it out.`,
      );
    }
    const added = new Map(
      entries.map(entry => [entry.key, sizeOf(entry)] as const),
    );
    for (const environment of environments) {
      await this.#sizes.require({ service, environment }, added);
    }
    return this.#changes.make(
      service,
      environments,
      async (environment, done) => {
        const hmacKey = await this.#vault.fingerprintKey();
        for (const entry of entries) {
          const path = { service, environment, key: entry.key };
          const { value, encoding, ifVersion, ifVersions } = entry;
          const stored = { value, encoding };
          const print = fingerprint(hmacKey, path, stored);
          const facts = await this.#vault.facts(path);
          checkVersion(path, facts, ifVersions?.[environment] ?? ifVersion);
          const stays = facts.versions[0]?.endsAt === undefined;
          if (stays && (await this.#isSame(path, facts, { print, hmacKey }))) {
            const { version } = facts;
            done({
              environment,
              key: entry.key,
              outcome: 'unchanged',
              version,
            });
            continue;
          }
          const written = await this.#write(path, stored, {
            ...{ after: facts.version, print, hmacKey },
          });
          const { version } = written;
          const change: SecretChange = {
            ...{ environment, key: entry.key, version },
            outcome: by.how === 'restore' ? 'restored' : 'set',
          };
          // Before anything else can go wrong: it is told what was done then.
          done(change);
          await this.#versions.add(
            path,
            {
              ...{ ...by, version, made: written.at },
              bytes: roundedSize(sizeOf(entry)),
            },
            this.#now().toISOString(),
            facts.versions.at(-1)?.version,
          );
          // Whoever wrote the one before may have said so only now.
          const author = await this.#versions.author(path, newestIn(facts));
          change.replaced = replacedOf(facts, author);
          // Last: without it, what is there is read to be compared.
          await this.#vault.mark(
            path,
            version,
            markOf(hmacKey, { ...path, version }, print),
          );
        }
      },
    );
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

  /**
   * Writes an earlier value again, as a new version.
   *
   * @throws NotFoundError that says what to do where it is deleted, destroyed or gone, before anything is written
   */
  async restore(
    path: SecretPath,
    version: number,
    by: { actor: string; ifVersion?: number },
  ): Promise<Changed> {
    const { value, encoding } = await this.#reader.reveal(path, version);
    return this.set(
      path.service,
      [path.environment],
      [{ key: path.key, value, encoding, ifVersion: by.ifVersion }],
      { actor: by.actor, how: 'restore' },
    );
  }

  /**
   * Takes the newest value away. One that somebody sets at this moment stays, and is never gone in between.
   *
   * @throws NotFoundError; ConflictError if another value is the newest
   */
  async delete(
    path: SecretPath,
    by: { actor: string; ifVersion?: number },
  ): Promise<Changed> {
    const { service, environment, key } = path;
    const seen = await this.#reader.known(path);
    checkVersion(path, seen, by.ifVersion);
    if (!seen.readable) throw new NotFoundError(`${key} is deleted already.`);
    const author = await this.#versions.author(path, newestIn(seen));
    const replaced = replacedOf(seen, author);
    return this.#changes.make(service, [environment], async (_, done) => {
      await this.#vault.delete(path, seen.version);
      const { version, versions } = await this.#vault.facts(path);
      const gone = versions.find(one => one.version === seen.version);
      await this.#versions.addRemoval(path, {
        ...{ version: seen.version, what: 'deleted', actor: by.actor },
        // Vault's own time, by which it is known that nobody deleted it since.
        at: gone?.deletedAt ?? this.#now().toISOString(),
      });
      if (version > seen.version) {
        throw new ConflictError(
          `${key} in ${environment} was set by somebody else at this moment, to version ${version}, which stays. Look at it, then delete it again.`,
        );
      }
      done({
        ...{ environment, key, outcome: 'deleted', replaced },
        version: seen.version,
      });
    });
  }

  /** Puts the newest value back after it was deleted. */
  async undelete(path: SecretPath, by: { actor: string }): Promise<Changed> {
    const { service, environment, key } = path;
    const facts = await this.#reader.known(path);
    const { readable, version, versions } = facts;
    if (readable) throw new ConflictError(`${key} is not deleted.`);
    if (versions.find(one => one.version === version)?.state === 'destroyed') {
      throw new ConflictError(
        `${key} was destroyed in Vault and cannot be put back. Restore an earlier version, or set it.`,
      );
    }
    const deleted = await this.#versions.author(path, newestIn(facts));
    const added = new Map([[key, deleted?.bytes ?? 0]]);
    await this.#sizes.require({ service, environment }, added);
    return this.#changes.make(service, [environment], async (_, done) => {
      await this.#vault.undelete(path, version);
      done({ environment, key, outcome: 'undeleted', version });
      await this.#versions.addRemoval(path, {
        ...{ version, what: 'undeleted', actor: by.actor },
        at: this.#now().toISOString(),
      });
    });
  }

  /**
   * Has clusters get what is in Vault already.
   *
   * @returns how far they are then
   */
  bring(service: string, environments: string[]): Promise<SecretSync[]> {
    return this.#changes.bring(service, environments);
  }

  /** @throws ConflictError if another value was written meanwhile */
  async #write(
    path: SecretPath,
    stored: Pick<Entry, 'value' | 'encoding'>,
    options: { after: number; print: string; hmacKey: Buffer },
  ): Promise<WrittenVersion> {
    const { after } = options;
    try {
      return await this.#vault.write(path, stored, { after });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      // Where another node of Vault becomes the active one, it may have been sent twice, and is refused the second time.
      const facts = await this.#vault.facts(path);
      const newest = newestIn(facts);
      const ours =
        newest?.version === after + 1 &&
        (await this.#isSame(path, facts, options));
      if (!ours) throw error;
      return newest;
    }
  }

  /**
   * Whether the newest value is this one. One without a fingerprint of this key was written straight to Vault, or by a process
   * that was gone right after, or before the key was made anew; it gets its fingerprint now.
   */
  async #isSame(
    path: SecretPath,
    facts: KeyFacts,
    { print, hmacKey }: { print: string; hmacKey: Buffer },
  ): Promise<boolean> {
    if (!facts.readable) return false;
    const at = { ...path, version: facts.version };
    const kept = printIn(hmacKey, at, facts.mark);
    if (kept) return kept === print;
    const stored = await this.#vault.read(path, 'sync').catch(error => {
      // What cannot be understood is replaced.
      if (error instanceof ForeignShapeError) return undefined;
      throw error;
    });
    const same =
      stored?.version === facts.version &&
      fingerprint(hmacKey, path, stored) === print;
    if (same) {
      await this.#vault.mark(path, facts.version, markOf(hmacKey, at, print));
    }
    return same;
  }
}

/** Bytes that it is in a Secret. */
function sizeOf({
  value,
  encoding,
}: Pick<Entry, 'value' | 'encoding'>): number {
  return bytesOf(value, encoding).length;
}
