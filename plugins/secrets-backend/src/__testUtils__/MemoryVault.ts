import { ConflictError } from '@backstage/errors';
import { Mark } from '../drivers/vault/fingerprint';
import { pathOf, SecretPath } from '../drivers/vault/SecretPath';
import {
  ForeignShapeError,
  KeyFacts,
  StoredValue,
  WrittenVersion,
} from '../drivers/vault/SecretVault';
import { VaultError } from '../drivers/vault/vaultErrors';
import { ChangedVault } from '../service/SecretService';
import { ReadVault } from '../service/SecretReader';

type Version = Omit<StoredValue, 'version'> & {
  at: string;
  deletedAt?: string;
  destroyed?: boolean;
  endsAt?: string;
};

/** A KV engine of version 2 in memory, for what is about the order of calls. Vault itself is tried in sandbox tests. */
export class MemoryVault implements ChangedVault, ReadVault {
  readonly #keys = new Map<string, Version[]>();
  readonly #marks = new Map<string, Mark>();
  #second = 0;
  /** Done once, right before the next call of this kind */
  before: { delete?: () => Promise<unknown> } = {};
  /** Keys whose values cannot be understood */
  readonly foreign = new Set<string>();
  /** Paths that it refuses, such as `staging/cart/TOKEN`, and folders such as `staging/cart/` */
  readonly refused = new Set<string>();
  /** How many versions it keeps */
  keeps = 10;
  /** When what is written next is to be deleted by itself, ISO 8601 */
  endsAt: string | undefined;

  readonly mount = 'secret';
  hmacKey = Buffer.alloc(32, 1);

  fingerprintKey = async () => this.hmacKey;

  async keys({ environment, service }: Omit<SecretPath, 'key'>) {
    const folder = pathOf({ environment, service, key: '' });
    this.#requireGiven(folder);
    return [...this.#keys.keys()].flatMap(path =>
      path.startsWith(folder) ? [path.slice(folder.length)] : [],
    );
  }

  async facts(path: SecretPath): Promise<KeyFacts> {
    this.#requireGiven(pathOf(path));
    const versions = this.#versions(path);
    const newest = versions.at(-1);
    return {
      version: versions.length,
      readable: newest !== undefined && !newest.deletedAt && !newest.destroyed,
      versions: versions
        .map((version, index) => ({
          ...{ version: index + 1, at: version.at },
          ...stateOf(version),
        }))
        .slice(-this.keeps)
        .reverse(),
      mark: this.#marks.get(`${pathOf(path)} ${versions.length}`),
    };
  }

  async write(
    path: SecretPath,
    stored: Omit<StoredValue, 'version'>,
    { after }: { after: number },
  ): Promise<WrittenVersion> {
    const versions = this.#versions(path);
    if (versions.length !== after)
      throw new ConflictError('Changed meanwhile.');
    const at = this.#time();
    this.#keys.set(pathOf(path), [
      ...versions,
      { ...stored, at, endsAt: this.endsAt },
    ]);
    return { version: after + 1, at };
  }

  async mark(path: SecretPath, version: number, mark: Mark) {
    this.#marks.set(`${pathOf(path)} ${version}`, mark);
  }

  async read(
    path: SecretPath,
    _: 'reveal' | 'sync',
    version?: number,
  ): Promise<StoredValue | undefined> {
    this.#requireGiven(pathOf(path));
    const versions = this.#versions(path);
    const at = version ?? versions.length;
    const found = versions[at - 1];
    if (!found || found.deletedAt || found.destroyed) return undefined;
    if (at <= versions.length - this.keeps) return undefined;
    if (this.foreign.has(path.key)) {
      throw new ForeignShapeError(`${pathOf(path)} has a shape of its own.`);
    }
    return { value: found.value, encoding: found.encoding, version: at };
  }

  async delete(path: SecretPath, version: number) {
    const before = this.before.delete;
    this.before = {};
    await before?.();
    this.deleteVersion(path, version);
  }

  destroy(path: SecretPath, version: number) {
    this.#versions(path)[version - 1].destroyed = true;
  }

  /** Takes a key out whole, as somebody does it straight in Vault. */
  forget(path: SecretPath) {
    this.#keys.delete(pathOf(path));
  }

  /** As somebody does it straight in Vault. */
  deleteVersion(path: SecretPath, version: number) {
    this.#versions(path)[version - 1].deletedAt = this.#time();
  }

  async undelete(path: SecretPath, version: number) {
    delete this.#versions(path)[version - 1]?.deletedAt;
  }

  #requireGiven(path: string) {
    if (!this.refused.has(path)) return;
    throw new VaultError('refused', `Vault refused ${path}.`);
  }

  #versions(path: SecretPath): Version[] {
    return this.#keys.get(pathOf(path)) ?? [];
  }

  /** @param ms - so much time passes before what is written next, in milliseconds */
  pass(ms: number) {
    this.#second += ms / 1000;
  }

  #time(): string {
    this.#second += 1;
    return new Date(1_800_000_000_000 + this.#second * 1000).toISOString();
  }
}

function stateOf({ deletedAt, destroyed, endsAt }: Version) {
  if (destroyed) return { state: 'destroyed' as const };
  return deletedAt
    ? { state: 'deleted' as const, deletedAt }
    : { state: 'readable' as const, endsAt };
}
