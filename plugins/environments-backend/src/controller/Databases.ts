import {
  durationWords,
  EnvironmentDatabaseSpec,
  EnvironmentDatabaseStatus,
} from '@highroad/plugin-environments-common';
import {
  AppliedSeed,
  DatabaseDriver,
  DatabaseRequest,
  Seed,
  SeedRefusedError,
} from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { stringifyError } from '@backstage/errors';
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
import { OwnedObjects } from './OwnedObjects';
import { SeedProblem, SeedSource } from './SeedSource';
import { Target } from './Target';

/** How often at most it is told how far a seed is, in milliseconds. */
const TELL_EVERY_MS = 1_000;
/** After this, what is there is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 600_000;

const secretSchema = z.object({ data: z.record(z.string()) });

/** What one database is at. It is worked on beside the queue, since a seed may take minutes. */
type Work =
  | {
      state: 'running';
      /** What it is made from; another asks for another try */
      of: string;
      seed?: Seed;
      done: number;
      ended: AbortController;
      over: Promise<void>;
    }
  | { state: 'done'; of: string; applied?: AppliedSeed; at: number }
  | { state: 'failed'; of: string; message: string; line?: number; seed?: Seed }
  | {
      state: 'troubled';
      of: string;
      message: string;
      tries: number;
      retryAt: number;
      seed?: Seed;
    };

export interface ProvidedDatabase {
  status: EnvironmentDatabaseStatus;
  /** Changes where the values that services get do */
  values: string;
  /** When it is to be looked at again, in milliseconds from now */
  again?: number;
}

/** Has the databases of environments made and seeded, each once. */
export class Databases {
  readonly #drivers: Map<string, DatabaseDriver>;
  readonly #owned: OwnedObjects;
  readonly #seeds: SeedSource;
  readonly #newPassword: () => SecretValue;
  readonly #now: () => number;
  readonly #seedMs: number;
  readonly #listeners = new Set<(target: Target) => void>();
  readonly #work = new Map<string, Work>();

  constructor(options: {
    drivers: Map<string, DatabaseDriver>;
    owned: OwnedObjects;
    seeds: SeedSource;
    newPassword: () => SecretValue;
    now: () => number;
    /** How long a seed may take, in milliseconds */
    seedMs: number;
  }) {
    this.#drivers = options.drivers;
    this.#owned = options.owned;
    this.#seeds = options.seeds;
    this.#newPassword = options.newPassword;
    this.#now = options.now;
    this.#seedMs = options.seedMs;
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
    const work = this.#workOn(key, of, {
      target,
      database,
      driver,
      request,
      password,
      ...(parts && { admin: parts.admin }),
    });
    return { values, ...this.#told(work, database, driverName) };
  }

  /** Takes away all databases of an environment, by each driver: also by one that its manifest does not name any more. */
  async removeAll(uid: string, signal: AbortSignal): Promise<void> {
    for (const [key, work] of this.#work) {
      if (!key.startsWith(`${uid}/`)) continue;
      this.#work.delete(key);
      if (work.state !== 'running') continue;
      work.ended.abort();
      await work.over;
    }
    for (const driver of this.#drivers.values()) {
      await driver.removeAll(uid, signal);
    }
  }

  /** Breaks off what goes on; it is taken up again by whoever works next. */
  async stop(): Promise<void> {
    const running: Promise<void>[] = [];
    for (const work of this.#work.values()) {
      if (work.state !== 'running') continue;
      work.ended.abort();
      running.push(work.over);
    }
    await Promise.all(running);
    this.#work.clear();
  }

  #tell(target: Target): void {
    for (const listener of this.#listeners) listener(target);
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

  #workOn(
    key: string,
    of: string,
    job: {
      target: Target;
      database: EnvironmentDatabaseSpec;
      driver: DatabaseDriver;
      request: DatabaseRequest;
      password: SecretValue;
      admin?: SecretValue;
    },
  ): Work {
    const there = this.#work.get(key);
    const goesOn =
      there?.of === of &&
      (there.state === 'running' ||
        there.state === 'failed' ||
        (there.state === 'done' && this.#now() - there.at < LOOK_AGAIN_MS) ||
        (there.state === 'troubled' && this.#now() < there.retryAt));
    if (there && goesOn) return there;
    if (there?.state === 'running') {
      // Another is wanted; it begins when this one has ended.
      there.ended.abort();
      return there;
    }
    const tries =
      there?.state === 'troubled' && there.of === of ? there.tries : 0;
    const ended = new AbortController();
    const work: Work & { state: 'running' } = {
      ...{ state: 'running', of, done: 0, ended },
      over: Promise.resolve(),
    };
    this.#work.set(key, work);
    work.over = this.#run(work, job)
      .then(
        (applied): Work => ({
          ...{ state: 'done', of, at: this.#now() },
          ...(applied && { applied }),
        }),
        (error): Work => this.#failed(error, work, tries),
      )
      .then(next => {
        if (this.#work.get(key) === work) {
          if (ended.signal.aborted) this.#work.delete(key);
          else this.#work.set(key, next);
        }
        this.#tell(job.target);
      });
    return work;
  }

  async #run(
    work: Work & { state: 'running' },
    job: {
      target: Target;
      database: EnvironmentDatabaseSpec;
      driver: DatabaseDriver;
      request: DatabaseRequest;
      password: SecretValue;
      admin?: SecretValue;
    },
  ): Promise<AppliedSeed | undefined> {
    const { target, database, driver, request, password, admin } = job;
    const path = database.seed;
    const late = new AbortController();
    const signal = AbortSignal.any([work.ended.signal, late.signal]);
    let timer: NodeJS.Timeout | undefined;
    let told = this.#now();
    try {
      return await driver.provide(request, {
        ...{ password, signal },
        ...(admin && { admin }),
        ...(path && {
          seed: async () => {
            work.seed = await this.#seeds.find(target, path, signal);
            timer = setTimeout(() => late.abort(), this.#seedMs);
            return work.seed;
          },
        }),
        onProgress: done => {
          work.done = done;
          if (this.#now() - told < TELL_EVERY_MS) return;
          told = this.#now();
          this.#tell(target);
        },
      });
    } catch (error) {
      if (!late.signal.aborted || work.ended.signal.aborted) throw error;
      throw new SeedRefusedError(tooLate(work.seed, work.done, this.#seedMs));
    } finally {
      clearTimeout(timer);
    }
  }

  #failed(
    error: unknown,
    { of, seed }: Work & { state: 'running' },
    tries: number,
  ): Work {
    const known = seed ? { seed } : {};
    if (error instanceof SeedRefusedError) {
      const { message, line } = error;
      return { state: 'failed', of, message, ...(line && { line }), ...known };
    }
    // What is to be added to the manifest, the repository or the catalog is looked for again now and then.
    const pause =
      error instanceof SeedProblem
        ? 30_000
        : Math.min(1_000 * 2 ** tries, 60_000);
    return {
      ...{ state: 'troubled', of, tries: tries + 1 },
      message: error instanceof Error ? error.message : stringifyError(error),
      retryAt: this.#now() + pause,
      ...known,
    };
  }

  #told(
    work: Work,
    { name, type, seed: path }: EnvironmentDatabaseSpec,
    driver: string,
  ): { status: EnvironmentDatabaseStatus; again?: number } {
    const of = { name, type, driver };
    if (work.state === 'done') {
      const { applied } = work;
      return {
        status: {
          ...{ ...of, state: 'ready' },
          ...(applied && { seed: appliedStatus(applied) }),
        },
      };
    }
    const { seed } = work;
    const about = path && {
      path,
      ...(seed && {
        repository: seed.repository,
        commit: seed.commit,
        totalBytes: seed.size,
      }),
    };
    if (work.state === 'failed') {
      const { message, line } = work;
      return {
        status: {
          ...{ ...of, state: 'failed', message },
          ...(about && {
            seed: { ...about, state: 'failed', ...(line && { line }) },
          }),
        },
      };
    }
    if (work.state === 'troubled') {
      return {
        status: {
          ...{ ...of, state: 'creating', message: work.message },
          ...(about && { seed: { ...about, state: 'waiting' } }),
        },
        again: work.retryAt - this.#now(),
      };
    }
    const seeding = seed !== undefined && work.done > 0;
    return {
      status: {
        ...{ ...of, state: seeding ? 'seeding' : 'creating' },
        message: seeding
          ? `It is being seeded: ${Math.floor(
              (100 * work.done) / Math.max(1, seed.size),
            )} % of ${path}.`
          : 'It is being made.',
        ...(about && {
          seed: {
            ...about,
            state: seeding ? 'running' : 'waiting',
            ...(seeding && { doneBytes: work.done }),
          },
        }),
      },
    };
  }
}

function appliedStatus({ appliedAt, size, ...seed }: AppliedSeed) {
  return {
    ...seed,
    state: 'applied' as const,
    ...{ doneBytes: size, totalBytes: size },
    appliedAt: appliedAt.toISOString(),
  };
}

function tooLate(seed: Seed | undefined, done: number, afterMs: number) {
  const size = seed?.size ?? 0;
  const through = Math.floor((100 * done) / Math.max(1, size));
  return `${seed?.path} was not through after ${durationWords(
    afterMs,
  )}, at ${through} % of it, so nothing of it was kept. Make it smaller or faster, or have the platform team raise platform.previews.databases.seedTimeout.`;
}
