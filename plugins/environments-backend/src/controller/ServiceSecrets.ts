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

/** Puts secrets of services that environments were lent into their namespaces, once for each state of the manifest. */
export class ServiceSecrets {
  readonly #owned: OwnedObjects;
  readonly #source: SecretSource;
  readonly #now: () => Date;
  readonly #missing = new Map<
    string,
    { of: string; message: string; at: number }
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

  /** @returns what changes where the values may, or what is missing */
  async provide(
    target: Target,
    service: EnvironmentServiceSpec,
  ): Promise<{ values: string } | { missing: string }> {
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
    // A new commit, or a manifest that is applied with a change, is given what the values are then.
    const of = createHash('sha256')
      .update(
        JSON.stringify([settings.secretsFrom, asked, resource.generation]),
      )
      .digest('hex')
      .slice(0, 32);
    if (there?.metadata.annotations?.[VALUES_ANNOTATION] === of) {
      return { values: of };
    }
    const place = `${resource.uid}/${service.name}`;
    const before = this.#missing.get(place);
    const now = this.#now().getTime();
    if (before?.of === of && now - before.at < AGAIN_MS) {
      return { missing: before.message };
    }
    let lent: Map<string, SecretValue>;
    try {
      lent = await this.#source.lend(
        serviceRefOf(service.name),
        [...new Set(asked.map(({ key }) => key))],
        resource.name,
      );
    } catch (error) {
      if (!(error instanceof SecretProblem)) throw error;
      const { message } = error;
      this.#missing.set(place, { of, message, at: now });
      return { missing: message };
    }
    this.#missing.delete(place);
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
    for (const place of this.#missing.keys()) {
      if (place.startsWith(`${uid}/`)) this.#missing.delete(place);
    }
  }
}
