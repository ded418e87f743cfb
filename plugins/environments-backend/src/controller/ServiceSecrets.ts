import {
  EnvironmentServiceSpec,
  serviceRefOf,
} from '@highroad/plugin-environments-common';
import { SecretValue } from '@highroad/plugin-platform-common';
import { createHash } from 'node:crypto';
import { VALUES_ANNOTATION } from './objects/databaseSecret';
import { serviceSecretName } from './objects/serviceVariables';
import { OwnedObjects } from './OwnedObjects';
import { SecretProblem, SecretSource } from './SecretSource';
import { Target } from './Target';

/** What lacks is looked for again after this, in milliseconds; each look is recorded. */
const AGAIN_MS = 30_000;
/** How often it is looked whether values have changed that were lent, in milliseconds. */
export const SECRETS_LOOK_MS = 10_000;
/** A changed value is taken when no other has changed for so long. */
const SETTLE_MS = 10_000;

const AS_BEFORE = 'Its secrets are as they were lent before.';

/**
 * What changes where the values may, with why they are as they were lent before if others cannot be had; or what is missing,
 * where nothing was lent.
 */
type Provided = { values: string; note?: string } | { missing: string };

/** What a service of an environment asks for. */
interface Wish {
  /** The environment and the service in it */
  place: string;
  /** Its reference */
  service: string;
  keys: string[];
  /** Another one where the manifest asks for others */
  manifest: string;
  /** What the annotation says of what was lent for the same manifest */
  lentBefore?: string;
}

/** Puts secrets of services that environments were lent into their namespaces, and what becomes of them afterwards. */
export class ServiceSecrets {
  readonly #owned: OwnedObjects;
  readonly #source: SecretSource;
  readonly #now: () => Date;
  readonly #missing = new Map<
    string,
    { of: string; message: string; at: number }
  >();
  readonly #looks = new Map<
    string,
    {
      at: number;
      versions: string;
      since: number;
      /** Why it is not known whether they have changed */
      trouble?: string;
    }
  >();

  constructor(options: {
    owned: OwnedObjects;
    secrets: SecretSource;
    now: () => Date;
  }) {
    this.#owned = options.owned;
    this.#source = options.secrets;
    this.#now = options.now;
  }

  /** Has the Secret of a service hold what it asks for. */
  async provide(
    target: Target,
    service: EnvironmentServiceSpec,
  ): Promise<Provided> {
    const { namespace, resource, settings } = target;
    const name = serviceSecretName(service.name);
    const there = this.#owned.get('Secret', name, namespace);
    const asked = service.env.flatMap(({ name: variable, secret }) =>
      secret ? [{ variable, key: secret.key }] : [],
    );
    if (asked.length === 0) {
      if (there) await this.#owned.remove(there);
      return { values: '' };
    }
    const manifest = hash([settings.secretsFrom, asked]);
    const applied = there?.metadata.annotations?.[VALUES_ANNOTATION];
    const wish: Wish = {
      place: `${resource.uid}/${service.name}`,
      service: serviceRefOf(service.name),
      keys: [...new Set(asked.map(({ key }) => key))].sort(),
      manifest,
      ...(applied?.startsWith(manifest) && { lentBefore: applied }),
    };
    const look = await this.#look(wish);
    if ('provided' in look) return look.provided;
    const { of } = look;
    let lent: Map<string, SecretValue>;
    try {
      lent = await this.#source.lend(wish.service, wish.keys, resource.name);
    } catch (error) {
      if (!(error instanceof SecretProblem)) throw error;
      const { message } = error;
      const at = this.#now().getTime();
      this.#missing.set(wish.place, { of, message, at });
      return without(wish, message);
    }
    this.#missing.delete(wish.place);
    await this.#owned.ensure({
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
      metadata: {
        ...{ name, namespace, labels: target.labels },
        annotations: { [VALUES_ANNOTATION]: of },
      },
      data: Object.fromEntries(
        asked.map(({ variable, key }) => [variable, lent.get(key)?.reveal()]),
      ),
    });
    return { values: of };
  }

  /** @param uid - of an environment that is gone */
  forget(uid: string): void {
    for (const places of [this.#missing, this.#looks]) {
      for (const place of places.keys()) {
        if (place.startsWith(`${uid}/`)) places.delete(place);
      }
    }
  }

  /** @returns what goes on as it is; or what is to be lent, as its annotation will say */
  async #look(wish: Wish): Promise<{ provided: Provided } | { of: string }> {
    const { place, manifest, lentBefore } = wish;
    const now = this.#now().getTime();
    const look = this.#looks.get(place);
    const before = this.#missing.get(place);
    if (lentBefore && look && now - look.at < SECRETS_LOOK_MS) {
      const why = look.trouble ?? before?.message;
      const provided = why ? without(wish, why) : { values: lentBefore };
      return { provided };
    }
    let versions: string;
    try {
      versions = await this.#versions(wish);
    } catch (error) {
      if (!lentBefore) throw error;
      const trouble = `Whether they have changed could not be asked (${errorName(
        error,
      )}).`;
      const known = { versions: '', since: now, ...look };
      this.#looks.set(place, { ...known, at: now, trouble });
      return { provided: without(wish, trouble) };
    }
    const of = `${manifest}.${versions}`;
    if (lentBefore) {
      const since = look?.versions === versions ? look.since : now;
      this.#looks.set(place, { at: now, versions, since });
      if (lentBefore === of) this.#missing.delete(place);
      // Values that are changed one after another are one restart.
      const isSettled = now - since >= SETTLE_MS;
      if (lentBefore === of || !isSettled) {
        return { provided: { values: lentBefore } };
      }
    }
    return before?.of === of && now - before.at < AGAIN_MS
      ? { provided: without(wish, before.message) }
      : { of };
  }

  async #versions({ service, keys }: Wish): Promise<string> {
    const newest = await this.#source.newest(service);
    return hash(keys.map(key => newest[key] ?? 0));
  }
}

/** What was lent once goes on, whatever becomes of it where it came from. */
function without({ lentBefore }: Wish, message: string): Provided {
  return lentBefore
    ? { values: lentBefore, note: `${AS_BEFORE} ${message}` }
    : { missing: message };
}

/** Others read it than those whom all of an error may be told. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

function hash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value))
    .digest('hex')
    .slice(0, 16);
}
