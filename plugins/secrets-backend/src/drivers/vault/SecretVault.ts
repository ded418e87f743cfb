import { ConflictError } from '@backstage/errors';
import { SecretValue } from '@highroad/plugin-platform-common';
import { Encoding, encodings, isBase64 } from '@highroad/plugin-secrets-common';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { capabilitiesOf } from './capabilitiesOf';
import { Mark } from './fingerprint';
import {
  inAddress,
  pathOf,
  prefixOf,
  SecretPath,
  serviceOf,
} from './SecretPath';
import { NoEngineError } from './vaultErrors';
import { VaultSession } from './VaultSession';
import { VaultRole } from './VaultSettings';

const listSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const writtenSchema = z.object({
  data: z.object({ version: z.number(), created_time: z.string() }),
});
const metadataSchema = z.object({
  data: z.object({
    current_version: z.number(),
    custom_metadata: z.record(z.string()).nullish(),
    /** 0 where it is as of the whole engine */
    max_versions: z.number().default(0),
    versions: z.record(
      z.object({
        created_time: z.string(),
        deletion_time: z.string(),
        destroyed: z.boolean(),
      }),
    ),
  }),
});
const engineSchema = z.object({
  data: z.object({
    type: z.string(),
    options: z.object({ version: z.string().optional() }).nullish(),
  }),
});
const valueSchema = z.object({
  data: z.object({
    data: z
      .object({
        value: z.string(),
        encoding: z.enum(encodings).default('text'),
      })
      .refine(({ value, encoding }) => encoding === 'text' || isBase64(value)),
    metadata: z.object({ version: z.number() }),
  }),
});

/** What is known of a key without its value. */
export interface KeyFacts {
  /** Of the newest version; 0 where none was ever written */
  version: number;
  /** Whether the newest version can be read */
  readable: boolean;
  versions: Array<{
    version: number;
    at: string;
    state: 'readable' | 'deleted' | 'destroyed';
    /** ISO 8601, where it is deleted */
    deletedAt?: string;
    /** ISO 8601, where it is readable and Vault is to delete it by itself */
    endsAt?: string;
  }>;
  /** How many versions Vault keeps, where that is set for this key */
  keeps?: number;
  /** Of the newest value, where it was written by the platform, which lived to keep it */
  mark?: Mark;
  /** What others keep with the key, as Vault's `custom_metadata` */
  others?: Record<string, string>;
}

/** A value as it was written. */
export interface StoredValue {
  value: SecretValue;
  encoding: Encoding;
  version: number;
}

/** A version that was written. */
export interface WrittenVersion {
  version: number;
  /** When Vault made it, as Vault says it */
  at: string;
}

/** It was written straight to Vault, and is not to be understood. */
export class ForeignShapeError extends ConflictError {}

/** Another replica made the key of fingerprints first. */
class MadeMeanwhile extends Error {}

/** Beside the environments, whose names begin with a letter or digit. */
const FINGERPRINT_KEY = '_highroad/fingerprint-key';
/** Kept with a key: which version it is of, the fingerprint, and which key that was made with. */
const FINGERPRINT = 'highroad-fingerprint';
const MARK = /^(\d+):([0-9a-f]{16}):([0-9a-f]{8})$/;

/** Vault takes so many entries of `custom_metadata`, and one is ours. */
const MOST_OTHERS = 64;

/** So far Vault's clock may be before ours, so that what was deleted a moment ago is not taken for what will be. */
const CLOCKS_MS = 60_000;

/** Values in Vault's KV engine of version 2: one path for each key, and each thing done by the role that may. */
export class SecretVault {
  readonly #sessions: Record<Exclude<VaultRole, 'policies'>, VaultSession>;
  readonly #mount: string;
  readonly #now: () => Date;
  #fingerprintKey: Promise<Buffer> | undefined;

  constructor(options: {
    sessions: Record<Exclude<VaultRole, 'policies'>, VaultSession>;
    mount: string;
    now: () => Date;
  }) {
    this.#sessions = options.sessions;
    this.#mount = options.mount;
    this.#now = options.now;
  }

  /** Where the engine is. */
  get mount(): string {
    return this.#mount;
  }

  /**
   * Renews tokens for which there is no other way to sign in again, where it is time for it.
   *
   * @throws VaultError for the first that could not be
   */
  async keepSignedIn(): Promise<void> {
    const kept = await Promise.allSettled(
      Object.values(this.#sessions).map(session => session.keepSignedIn()),
    );
    for (const one of kept) if (one.status === 'rejected') throw one.reason;
  }

  /** What a role's token may do with paths. @throws VaultError */
  async capabilities(
    role: Exclude<VaultRole, 'policies'>,
    paths: string[],
  ): Promise<Map<string, string[]>> {
    return capabilitiesOf(this.#sessions[role], paths);
  }

  /** Folders of an environment, as references of services. Those of others are left out. */
  async services(environment: string): Promise<string[]> {
    const names = await this.#list(`${environment}/`);
    return names.flatMap(name => {
      const service = name.endsWith('/') && serviceOf(name.slice(0, -1));
      return service ? [service] : [];
    });
  }

  /** Keys of a service, also deleted ones. */
  async keys(place: Omit<SecretPath, 'key'>): Promise<string[]> {
    const names = await this.#list(`${prefixOf(place)}/`);
    return names.filter(name => !name.endsWith('/')).sort();
  }

  /** @throws VaultError */
  async facts(path: SecretPath): Promise<KeyFacts> {
    const answer = await this.#sessions.sync.ask({
      method: 'GET',
      path: this.#addressOf('metadata', path),
      what: `look at ${pathOf(path)}`,
    });
    if (answer === undefined) {
      return { version: 0, readable: false, versions: [] };
    }
    const { data } = metadataSchema.parse(answer);
    const now = this.#now();
    const versions = Object.entries(data.versions)
      .map(([version, one]) => {
        const state = stateOf(one, now);
        return {
          ...{ version: Number(version), at: one.created_time, state },
          ...(state === 'deleted' && { deletedAt: one.deletion_time }),
          ...(state === 'readable' &&
            one.deletion_time && { endsAt: one.deletion_time }),
        };
      })
      .sort((a, b) => b.version - a.version);
    const { [FINGERPRINT]: kept, ...others } = data.custom_metadata ?? {};
    const [, of, print, keyId] = MARK.exec(kept ?? '') ?? [];
    const isOfNewest = Number(of) === data.current_version;
    return {
      version: data.current_version,
      readable:
        versions.find(one => one.version === data.current_version)?.state ===
        'readable',
      versions,
      ...(data.max_versions > 0 && { keeps: data.max_versions }),
      ...(isOfNewest && { mark: { kept: print, keyId } }),
      others,
    };
  }

  /**
   * Writes a version.
   *
   * @param options.after - version that it comes after
   * @returns its number, and when Vault made it
   * @throws ConflictError if another was written meanwhile, and nothing is; VaultError
   */
  async write(
    path: SecretPath,
    stored: { value: SecretValue; encoding: Encoding },
    options: { after: number },
  ): Promise<WrittenVersion> {
    const { value, encoding } = stored;
    const answer = await this.#sessions.write.ask(
      {
        method: 'POST',
        path: this.#addressOf('data', path),
        body: {
          options: { cas: options.after },
          data: { value: value.reveal(), encoding },
        },
        what: `write ${pathOf(path)}`,
      },
      (status, words) =>
        status === 400 && words.includes('check-and-set')
          ? new ConflictError(
              `${path.key} in ${path.environment} was changed by somebody else meanwhile; nothing was written. Look at it, then set it again.`,
            )
          : undefined,
    );
    const written = writtenSchema.safeParse(answer);
    if (written.success) {
      const { version, created_time: at } = written.data.data;
      return { version, at };
    }
    await this.#requireEngine();
    throw new Error(
      `Vault did not say which version of ${pathOf(path)} it is.`,
    );
  }

  /** Keeps the fingerprint of a version with its key, unless a newer one is there: whoever wrote that keeps its own. */
  async mark(path: SecretPath, version: number, mark: Mark): Promise<void> {
    const { version: newest, others } = await this.facts(path);
    if (newest !== version) return;
    // More entries Vault does not take. Without its own a value is read to be compared.
    if (Object.keys(others ?? {}).length >= MOST_OTHERS) return;
    const kept = [version, mark.kept, mark.keyId].join(':');
    // Vault replaces all of it at once, also what others keep there.
    await this.#sessions.write.ask({
      method: 'POST',
      path: this.#addressOf('metadata', path),
      body: { custom_metadata: { ...others, [FINGERPRINT]: kept } },
      what: `write the fingerprint of ${pathOf(path)}`,
    });
  }

  /**
   * Reads a value, as the role for revealing or the one for bringing values to clusters.
   *
   * @returns nothing for one that is not there or deleted
   * @throws ForeignShapeError, VaultError
   */
  async read(
    path: SecretPath,
    as: 'reveal' | 'sync',
    version?: number,
  ): Promise<StoredValue | undefined> {
    const answer = await this.#sessions[as].ask({
      method: 'GET',
      path: `${this.#addressOf('data', path)}${
        version ? `?version=${version}` : ''
      }`,
      what: `read ${pathOf(path)}`,
    });
    if (answer === undefined) return undefined;
    const parsed = valueSchema.safeParse(answer);
    if (!parsed.success) {
      // What the schema found would be quoted.
      throw new ForeignShapeError(
        `${pathOf(
          path,
        )} was written straight to Vault in a shape of its own: it needs a field "value" with text, or with base64 where a field "encoding" says so. Write it so, set it through the platform, or delete it in Vault.`,
      );
    }
    const { data, metadata } = parsed.data.data;
    return {
      value: new SecretValue(data.value),
      encoding: data.encoding,
      version: metadata.version,
    };
  }

  /** Takes one version away, so that it can be put back; newer ones stay. */
  async delete(path: SecretPath, version: number): Promise<void> {
    await this.#sessions.write.ask({
      method: 'POST',
      path: this.#addressOf('delete', path),
      body: { versions: [version] },
      what: `delete ${pathOf(path)}`,
    });
  }

  async undelete(path: SecretPath, version: number): Promise<void> {
    await this.#sessions.write.ask({
      method: 'POST',
      path: this.#addressOf('undelete', path),
      body: { versions: [version] },
      what: `undelete ${pathOf(path)}`,
    });
  }

  /** What fingerprints are keyed with: made once, and kept in Vault alone. */
  async fingerprintKey(): Promise<Buffer> {
    this.#fingerprintKey ??= this.#readOrMakeKey().catch(error => {
      this.#fingerprintKey = undefined;
      throw error;
    });
    return this.#fingerprintKey;
  }

  async #readOrMakeKey(): Promise<Buffer> {
    const path = `${this.#mount}/data/${FINGERPRINT_KEY}`;
    const read = async () => {
      const answer = await this.#sessions.write.ask({
        method: 'GET',
        path,
        what: 'read the key of fingerprints',
      });
      if (answer === undefined) return undefined;
      const parsed = valueSchema.safeParse(answer);
      if (parsed.success) {
        return Buffer.from(parsed.data.data.data.value, 'base64');
      }
      await this.#requireEngine();
      throw new Error(
        `What stands in Vault at ${
          this.#mount
        }/${FINGERPRINT_KEY} is no key of fingerprints. Delete it there; another is made then.`,
      );
    };
    const found = await read();
    if (found) return found;
    // An engine of another kind would keep what is written by its own rules.
    await this.#requireEngine();
    await this.#sessions.write
      .ask(
        {
          method: 'POST',
          path,
          body: {
            options: { cas: 0 },
            data: {
              value: randomBytes(32).toString('base64'),
              encoding: 'base64',
            },
          },
          what: 'make the key of fingerprints',
        },
        // Another replica made it at this very moment.
        (status, words) =>
          status === 400 && words.includes('check-and-set')
            ? new MadeMeanwhile()
            : undefined,
      )
      .catch(error => {
        if (!(error instanceof MadeMeanwhile)) throw error;
      });
    const made = await read();
    if (!made) throw new Error('The key of fingerprints was removed.');
    return made;
  }

  /**
   * Whoever may do something in an engine may ask of what kind it is.
   *
   * @throws NoEngineError where there is none, or one of another kind
   */
  async #requireEngine(): Promise<void> {
    const refuse = (found?: string) =>
      new NoEngineError(this.#sessions.write.url, this.#mount, found);
    const answer = await this.#sessions.write.ask(
      {
        method: 'GET',
        path: `sys/internal/ui/mounts/${this.#mount}`,
        what: `look which engine is at ${this.#mount}`,
      },
      // It is answered so also where there is none.
      status => (status === 403 ? refuse() : undefined),
    );
    const engine = engineSchema.safeParse(answer);
    if (!engine.success) return;
    const { type, options } = engine.data.data;
    if (type === 'kv' && options?.version === '2') return;
    throw refuse(type === 'kv' ? 'a KV engine of version 1' : `"${type}"`);
  }

  #addressOf(
    below: 'data' | 'metadata' | 'delete' | 'undelete',
    path: SecretPath,
  ): string {
    return `${this.#mount}/${below}/${inAddress(pathOf(path))}`;
  }

  async #list(folder: string): Promise<string[]> {
    const answer = await this.#sessions.sync.ask({
      method: 'LIST',
      path: `${this.#mount}/metadata/${inAddress(folder)}`,
      what: `list ${folder}`,
    });
    return answer === undefined ? [] : listSchema.parse(answer).data.keys;
  }
}

/** Where a version is deleted at a time that is still to come (`delete_version_after`), it can be read until then. */
function stateOf(
  one: { destroyed: boolean; deletion_time: string },
  now: Date,
): KeyFacts['versions'][number]['state'] {
  if (one.destroyed) return 'destroyed';
  if (!one.deletion_time) return 'readable';
  const left = Date.parse(one.deletion_time) - now.getTime();
  return left > CLOCKS_MS ? 'readable' : 'deleted';
}
