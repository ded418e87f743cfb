import {
  EnvironmentDatabaseSpec,
  EnvironmentDatabaseStatus,
} from '@highroad/plugin-environments-common';
import {
  DatabaseDriver,
  DatabaseRequest,
} from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  databaseSecret,
  databaseSecretName,
  VALUES_ANNOTATION,
} from './objects/databaseSecret';
import {
  adminSecret,
  adminSecretName,
  databasePart,
  readinessOf,
} from './objects/databaseParts';
import { databaseStatusOf } from './databaseStatus';
import { DatabaseWork } from './DatabaseWork';
import { OwnedObjects } from './OwnedObjects';
import { SeedSource } from './SeedSource';
import { Target } from './Target';

const secretSchema = z.object({ data: z.record(z.string()) });

export interface ProvidedDatabase {
  status: EnvironmentDatabaseStatus;
  /** Changes where the values that services get do */
  values: string;
  /** When it is to be looked at again, in milliseconds from now */
  again?: number;
}

/** Has the databases of environments made and seeded, each once. */
export class Databases {
  readonly #cluster: string | undefined;
  readonly #drivers: Map<string, DatabaseDriver>;
  readonly #owned: OwnedObjects;
  readonly #newPassword: () => SecretValue;
  readonly #now: () => number;
  readonly #listeners = new Set<(target: Target) => void>();
  readonly #work: DatabaseWork;

  /** @param options.cluster - uid of the one that the environments' resources are in, where that is known */
  constructor(options: {
    cluster: string | undefined;
    drivers: Map<string, DatabaseDriver>;
    owned: OwnedObjects;
    seeds: SeedSource;
    newPassword: () => SecretValue;
    now: () => number;
    /** How long a seed may take, in milliseconds */
    seedMs: number;
  }) {
    this.#cluster = options.cluster;
    this.#drivers = options.drivers;
    this.#owned = options.owned;
    this.#newPassword = options.newPassword;
    this.#now = options.now;
    this.#work = new DatabaseWork({
      ...{ now: options.now, seedMs: options.seedMs, seeds: options.seeds },
      onNews: target => {
        for (const listener of this.#listeners) listener(target);
      },
    });
  }

  /** @param listener - told when there is something new of an environment's databases */
  onNews(listener: (target: Target) => void): void {
    this.#listeners.add(listener);
  }

  /** Whether there is a driver of this name. */
  knows(driver: string): boolean {
    return this.#drivers.has(driver);
  }

  /** Sees to it that a database is made, and says how far it is. Returns at once. */
  async provide(
    target: Target,
    database: EnvironmentDatabaseSpec,
    driverName: string,
  ): Promise<ProvidedDatabase> {
    const driver = this.#driver(driverName);
    const request: DatabaseRequest = {
      environmentUid: target.resource.uid,
      cluster: this.#cluster,
      environment: target.slug,
      name: database.name,
      namespace: target.namespace,
    };
    // The password is kept before the role gets it: whoever takes this up after a crash gives it the same.
    const password = this.#kept(
      target,
      databaseSecretName(database.name),
      'PGPASSWORD',
    );
    const secret = await this.#owned.ensure(
      databaseSecret(target, database, driver.connectionOf(request), password),
    );
    const values = secret.metadata.annotations?.[VALUES_ANNOTATION] ?? '';
    const parts = await this.#parts(target, driver, request);
    const key = `${request.environmentUid}/${request.name}`;
    const of = JSON.stringify([
      values,
      driverName,
      database.seed,
      target.spec.repository,
      target.spec.revision,
      parts?.readiness,
    ]);
    const work = this.#work.on(key, of, {
      target,
      database,
      driver,
      request,
      password,
      ...(parts && { admin: parts.admin }),
    });
    return {
      values,
      ...databaseStatusOf(work, database, {
        ...{ driver: driverName, now: this.#now() },
      }),
    };
  }

  /** Takes away all databases of an environment, by each driver: also by one that its manifest does not name any more. */
  async removeAll(uid: string, signal: AbortSignal): Promise<void> {
    await this.#work.forget(`${uid}/`);
    for (const driver of this.#drivers.values()) {
      await driver.removeAll(
        { environmentUid: uid, cluster: this.#cluster },
        signal,
      );
    }
  }

  /** Breaks off what goes on; it is taken up again by whoever works next. */
  stop(): Promise<void> {
    return this.#work.stop();
  }

  #driver(name: string): DatabaseDriver {
    const driver = this.#drivers.get(name);
    if (!driver) throw new Error(`There is no driver "${name}" for databases.`);
    return driver;
  }

  /** Has what it consists of in the environment's namespace be there, for drivers of this kind. */
  async #parts(
    target: Target,
    driver: DatabaseDriver,
    request: DatabaseRequest,
  ): Promise<{ admin: SecretValue; readiness: string } | undefined> {
    const { name } = request;
    const secret = adminSecretName(name);
    const objects = driver.objects?.(request, { secret });
    if (!objects) return undefined;
    const admin = this.#kept(target, secret, 'password');
    await this.#owned.ensure(adminSecret(target, name, admin));
    const there = await Promise.all(
      objects.map(object => {
        const { kind, metadata } = object;
        const now = this.#owned.get(kind, metadata.name, target.namespace);
        return this.#owned.ensure(databasePart(target, name, object, now));
      }),
    );
    return { admin, readiness: readinessOf(there) };
  }

  /** A password that a Secret has already, or else a new one. */
  #kept({ namespace }: Target, secret: string, key: string): SecretValue {
    const there = secretSchema.safeParse(
      this.#owned.get('Secret', secret, namespace),
    );
    const encoded = there.success ? there.data.data[key] : undefined;
    return encoded
      ? new SecretValue(Buffer.from(encoded, 'base64').toString())
      : this.#newPassword();
  }
}
