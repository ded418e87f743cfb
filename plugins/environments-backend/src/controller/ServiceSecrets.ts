import {
  EnvironmentServiceSpec,
  SECRETS_CHANGED_ANNOTATION,
} from '@highroad/plugin-environments-common';
import { SecretValue } from '@highroad/plugin-platform-common';
import { deploymentValues } from './deploymentValues';
import {
  Asked,
  askedBy,
  BEGUN_WITH_ANNOTATION,
  BegunWith,
  begunBefore,
  begunWithMark,
  heldValues,
  newestValues,
  RESTART_AFTER_MS,
} from './lentValues';
import { VALUES_ANNOTATION } from './objects/databaseSecret';
import { serviceSecretName } from './objects/serviceVariables';
import { OwnedObjects } from './OwnedObjects';
import { SecretProblem, SecretSource } from './SecretSource';
import { Target } from './Target';

/** What lacks is looked for again after this, in milliseconds; each look is recorded. */
const AGAIN_MS = 30_000;
/** How often it is looked whether values have changed that were lent, where nobody says that they have, in milliseconds. */
export const SECRETS_LOOK_MS = 10_000;
/** A restart that is due is not looked after more often than this, in milliseconds. */
const LEAST_RESTART_MS = 500;

const AS_BEFORE = 'Its secrets are as they were lent before.';

/**
 * What changes where programs are to begin with other values, with why they are as they were lent before if others cannot be
 * had; or what is missing, where nothing was lent.
 */
type Provided = { values: string; note?: string } | { missing: string };

/** What a service of one environment asks for. */
interface Wish extends Asked {
  /** The environment and the service in it */
  place: string;
  /** When somebody last said that values have changed */
  changedAt?: string;
  /** What was lent for the same manifest */
  lentBefore?: string;
  /** What programs began with, while it is too soon to restart them */
  begun?: BegunWith;
  /** What programs still have that were to be restarted since, while nobody looked after them */
  late?: string;
}

/** Puts secrets of services that environments were lent into their namespaces, and what becomes of them afterwards. */
export class ServiceSecrets {
  readonly #owned: Pick<OwnedObjects, 'get' | 'of' | 'ensure' | 'remove'>;
  readonly #source: Pick<SecretSource, 'lend' | 'newest'>;
  readonly #now: () => Date;
  readonly #missing = new Map<
    string,
    { of: string; message: string; at: number; changedAt?: string }
  >();
  readonly #looks = new Map<
    string,
    {
      at: number;
      changedAt?: string;
      /** Why it is not known whether they have changed */
      trouble?: string;
    }
  >();
  readonly #restarts = new Map<string, number>();

  constructor(options: {
    owned: Pick<OwnedObjects, 'get' | 'of' | 'ensure' | 'remove'>;
    secrets: Pick<SecretSource, 'lend' | 'newest'>;
    now: () => Date;
  }) {
    this.#owned = options.owned;
    this.#source = options.secrets;
    this.#now = options.now;
  }

  /** Has the Secret of a service hold what it asks for, at once; what its programs begin with follows a little later. */
  async provide(
    target: Target,
    service: EnvironmentServiceSpec,
  ): Promise<Provided> {
    const { namespace, resource, settings } = target;
    const name = serviceSecretName(service.name);
    const there = this.#owned.get('Secret', name, namespace);
    const asked = askedBy(service, settings.secretsFrom);
    const place = `${resource.uid}/${service.name}`;
    this.#restarts.delete(place);
    if (!asked) {
      if (there) await this.#owned.remove(there);
      return { values: '' };
    }
    const held = heldValues(there);
    const isSameManifest = held?.startsWith(asked.manifest);
    const begun = isSameManifest ? begunBefore(there) : undefined;
    const changedAt = resource.annotations[SECRETS_CHANGED_ANNOTATION];
    const wish: Wish = {
      ...{ ...asked, place },
      ...(changedAt && { changedAt }),
      ...(isSameManifest && { lentBefore: held }),
      ...(begun && this.#asBegun(target, service.name, begun)),
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
      this.#missing.set(place, { of, message, at, changedAt });
      if (wish.lentBefore) this.#looks.set(place, { at, changedAt });
      return this.#without(wish, message);
    }
    this.#missing.delete(place);
    const next = wish.lentBefore ? this.#restart(wish, wish.lentBefore) : null;
    await this.#owned.ensure({
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
      metadata: {
        ...{ name, namespace, labels: target.labels },
        annotations: {
          [VALUES_ANNOTATION]: of,
          ...(next && { [BEGUN_WITH_ANNOTATION]: begunWithMark(next) }),
        },
      },
      data: Object.fromEntries(
        asked.variables.map(({ variable, key }) => [
          variable,
          lent.get(key)?.reveal(),
        ]),
      ),
    });
    if (wish.lentBefore) {
      this.#looks.set(place, { at: this.#now().getTime(), changedAt });
    }
    return this.#as(next ? { ...wish, begun: next } : wish, of);
  }

  /**
   * @returns in how many milliseconds programs of an environment are to begin with what they were lent, never 0; nothing if
   * they did
   */
  restartIn(uid: string): number | undefined {
    const due = [...this.#restarts].flatMap(([place, at]) =>
      place.startsWith(`${uid}/`) ? [at] : [],
    );
    if (due.length === 0) return undefined;
    const earliest = Math.min(...due) - this.#now().getTime();
    return Math.max(LEAST_RESTART_MS, earliest);
  }

  /** Forgets those services of an environment that it does not have any more. */
  keepOnly(uid: string, services: string[]): void {
    const kept = new Set(services.map(name => `${uid}/${name}`));
    this.#forget(place => place.startsWith(`${uid}/`) && !kept.has(place));
  }

  /** @param uid - of an environment that is gone */
  forget(uid: string): void {
    this.#forget(place => place.startsWith(`${uid}/`));
  }

  #forget(isGone: (place: string) => boolean): void {
    for (const places of [this.#missing, this.#looks, this.#restarts]) {
      for (const place of places.keys()) {
        if (isGone(place)) places.delete(place);
      }
    }
  }

  /** @returns what goes on as it is; or what is to be lent, as its annotation will say */
  async #look(wish: Wish): Promise<{ provided: Provided } | { of: string }> {
    const { place, changedAt, lentBefore } = wish;
    const now = this.#now().getTime();
    const look = this.#looks.get(place);
    const before = this.#missing.get(place);
    const isFresh = now - (look?.at ?? 0) < SECRETS_LOOK_MS;
    if (lentBefore && look && isFresh && look.changedAt === changedAt) {
      const why = look.trouble ?? before?.message;
      const provided = why
        ? this.#without(wish, why)
        : this.#as(wish, lentBefore);
      return { provided };
    }
    let of: string;
    try {
      of = newestValues(wish, await this.#source.newest(wish.service));
    } catch (error) {
      if (!lentBefore) throw error;
      const trouble = `Whether they have changed could not be asked (${errorName(
        error,
      )}).`;
      this.#looks.set(place, { at: now, changedAt, trouble });
      return { provided: this.#without(wish, trouble) };
    }
    if (lentBefore === of) {
      this.#looks.set(place, { at: now, changedAt });
      this.#missing.delete(place);
      return { provided: this.#as(wish, of) };
    }
    const isKnown =
      before?.of === of &&
      before.changedAt === changedAt &&
      now - before.at < AGAIN_MS;
    if (!isKnown) return { of };
    if (lentBefore) this.#looks.set(place, { at: now, changedAt });
    return { provided: this.#without(wish, before.message) };
  }

  /** Whether it is too soon to restart programs, or should have been done and was not. */
  #asBegun(
    { resource, namespace }: Target,
    service: string,
    begun: BegunWith,
  ): Pick<Wish, 'begun' | 'late'> {
    if (begun.restartAt > this.#now()) return { begun };
    const all = deploymentValues(this.#owned, {
      ...{ uid: resource.uid, namespace, service },
    });
    const isLate =
      all.length > 0 && all.every(values => values.includes(begun.values));
    return isLate ? { late: begun.values } : {};
  }

  /** Values that change one after another are one restart, some time after the first. */
  #restart({ begun, late }: Wish, values: string): BegunWith {
    const at = this.#now().getTime() + RESTART_AFTER_MS;
    // With what came in between they would restart at once, and again a little later.
    return begun ?? { values: late ?? values, restartAt: new Date(at) };
  }

  /** @param held - what the Secret holds */
  #as({ place, begun }: Wish, held: string): { values: string } {
    if (!begun) return { values: held };
    this.#restarts.set(place, begun.restartAt.getTime());
    return { values: begun.values };
  }

  /** What was lent once goes on, whatever becomes of it where it came from. */
  #without(wish: Wish, message: string): Provided {
    return wish.lentBefore
      ? {
          ...this.#as(wish, wish.lentBefore),
          note: `${AS_BEFORE} ${message}`,
        }
      : { missing: message };
  }
}

/** Others read it than those whom all of an error may be told. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
