import {
  EnvironmentDatabaseSpec,
  EnvironmentDatabaseStatus,
} from '@highroad/plugin-environments-common';
import {
  DatabaseDriver,
  DatabaseRequest,
} from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';
import { EnvironmentResource } from '../service/EnvironmentResources';
import {
  databaseOf,
  databaseSecret,
  databaseSecretName,
  VALUES_ANNOTATION,
} from './objects/databaseSecret';
import {
  adminSecret,
  adminSecretName,
  databasePart,
  hasNone,
  readinessOf,
} from './objects/databaseParts';
import { DatabaseRemovals, Removal } from './DatabaseRemovals';
import { databaseStatusOf } from './databaseStatus';
import { DatabaseWork } from './DatabaseWork';
import { OwnedObjects } from './OwnedObjects';
import { SeedSource } from './SeedSource';
import { Target } from './Target';

const secretSchema = z.object({ data: z.record(z.string()) });

type EnvironmentKey = Pick<EnvironmentResource, 'home' | 'name'>;

export interface ProvidedDatabase {
  status: EnvironmentDatabaseStatus;
  /** Changes where the values that services get do */
  values: string;
  /** When it is to be looked at again, in milliseconds from now */
  again?: number;
  /** Something stands in its way, though it is tried again */
  troubled?: boolean;
}

/** Has the databases of environments made and seeded, each once. */
export class Databases {
  readonly #cluster: string | undefined;
  readonly #drivers: Map<string, DatabaseDriver>;
  readonly #owned: OwnedObjects;
  readonly #newPassword: () => SecretValue;
  readonly #now: () => number;
  readonly #listeners = new Set<(of: EnvironmentKey) => void>();
  readonly #work: DatabaseWork;
  readonly #removals: DatabaseRemovals;

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
      onNews: ({ resource }) => this.#tellNews(resource),
    });
    this.#removals = new DatabaseRemovals({
      now: options.now,
      remove: (uid, signal) => this.#removeAll(uid, signal),
    });
  }

  /** @param listener - told when there is something new of an environment's databases */
  onNews(listener: (of: EnvironmentKey) => void): void {
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
    const secretName = databaseSecretName(database.name);
    const password = await this.#kept(target, database.name, {
      ...{ secret: secretName, key: 'PGPASSWORD' },
    });
    const before = this.#owned.get('Secret', secretName, target.namespace);
    const secret = await this.#owned.ensure(
      databaseSecret(target, database, driver.connectionOf(request), password),
    );
    const values = valuesOf(secret);
    const parts = await this.#parts(target, driver, request);
    const key = `${request.environmentUid}/${request.name}`;
    const where = JSON.stringify([values, driverName, parts?.readiness]);
    const of = JSON.stringify([
      where,
      database.seed,
      target.spec.repository,
      target.spec.revision,
    ]);
    const told = toldReady(target, database, driverName);
    // A server of its own that has no pod now is not what was ready.
    const isAway = told && parts && hasNone(parts.readiness);
    const work = this.#work.on(key, of, {
      target,
      database,
      driver,
      request,
      password,
      where,
      ...(parts && { admin: parts.admin }),
      ...(isAway
        ? { trouble: 'Its server is away, and is being started again.' }
        : told && before && valuesOf(before) === values && { told }),
    });
    return {
      values,
      ...databaseStatusOf(work, database, {
        ...{ driver: driverName, now: this.#now() },
      }),
    };
  }

  /** @returns names of databases that an earlier manifest asked for and this one does not: nobody loses rows by a line of a manifest */
  leftOf({ resource, namespace, spec }: Target): string[] {
    return this.#owned
      .of('Secret', resource.uid)
      .filter(({ metadata }) => metadata.namespace === namespace)
      .flatMap(secret => databaseOf(secret) ?? [])
      .filter(name => spec.databases.every(one => one.name !== name))
      .sort();
  }

  /**
   * Sees to it that all databases of an environment are taken away, by each driver: also by one that its manifest does not
   * name any more. Returns at once.
   *
   * @param isLast - nothing but its databases is left of it
   */
  remove(of: EnvironmentKey & { uid: string }, isLast: boolean): Removal {
    const onNews = () => this.#tellNews(of);
    return this.#removals.on(of.uid, { isLast, onNews });
  }

  /** What is remembered of an environment that is gone. */
  forget(uid: string): void {
    this.#removals.forget(uid);
  }

  /** Breaks off what goes on; it is taken up again by whoever works next. */
  async stop(): Promise<void> {
    await Promise.all([this.#work.stop(), this.#removals.stop()]);
  }

  async #removeAll(uid: string, signal: AbortSignal): Promise<void> {
    await this.#work.forget(`${uid}/`);
    for (const driver of this.#drivers.values()) {
      await driver.removeAll(
        { environmentUid: uid, cluster: this.#cluster },
        signal,
      );
    }
  }

  #tellNews(of: EnvironmentKey): void {
    for (const listener of this.#listeners) listener(of);
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
    const admin = await this.#kept(target, name, { secret, key: 'password' });
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

  /**
   * A password that a Secret has already, or else a new one. A server that was made with one knows no other, so of a database that was
   * told of before the cluster itself is asked where the watch shows none.
   */
  async #kept(
    { namespace, resource }: Target,
    database: string,
    { secret, key }: { secret: string; key: string },
  ): Promise<SecretValue> {
    const wasTold = resource.status.databases.some(
      ({ name }) => name === database,
    );
    const there = secretSchema.safeParse(
      wasTold
        ? await this.#owned.find('Secret', secret, namespace)
        : this.#owned.get('Secret', secret, namespace),
    );
    const encoded = there.success ? there.data.data[key] : undefined;
    return encoded
      ? new SecretValue(Buffer.from(encoded, 'base64').toString())
      : this.#newPassword();
  }
}

function valuesOf({ metadata }: KubernetesObject): string {
  return metadata.annotations?.[VALUES_ANNOTATION] ?? '';
}

/** What was told of a database that was ready, and whole by what is asked for now; it is only looked at again then. */
function toldReady(
  { resource }: Target,
  { name, type, seed }: EnvironmentDatabaseSpec,
  driver: string,
): EnvironmentDatabaseStatus | undefined {
  return resource.status.databases.find(
    one =>
      one.name === name &&
      one.type === type &&
      one.driver === driver &&
      one.state === 'ready' &&
      // Seeded once, it is not seeded again.
      (!seed || one.seed?.state === 'applied'),
  );
}
