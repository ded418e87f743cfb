import {
  EnvironmentDatabaseSpec,
  EnvironmentDatabaseStatus,
  durationWords,
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
import { FewAtOnce } from './FewAtOnce';
import { SeedProblem, SeedSource } from './SeedSource';
import { Target } from './Target';

/** How often at most it is told how far a seed is, in milliseconds. */
const TELL_EVERY_MS = 1_000;
/** After this, what is there is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 600_000;
/** After this, it is looked whether a seed that was refused has been mended, in milliseconds. */
const MENDED_MS = 60_000;
const WHOLE_HASH = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
/** How many databases are made or looked at at once: each takes a connection or two of the server, which has a hundred or so. */
const PLACES = 12;
/** How many are seeded at once, which may take minutes. */
const SEED_PLACES = 24;

/** The seed itself is wrong. */
interface FailedWork {
  state: 'failed';
  of: string;
  where: string;
  message: string;
  line?: number;
  seed?: Seed;
  /** When it is looked whether the file is another by now; never where it is read at a commit */
  lookAt?: number;
}

/** What one database is at. It is worked on beside the queue, since a seed may take minutes. */
export type Work =
  | {
      state: 'running';
      /** What it is made from; another asks for another try */
      of: string;
      /** What was told of it, while it is only looked at again whether that is so */
      told?: EnvironmentDatabaseStatus;
      /** Why it is not as it was: of the try before, or that its rows are gone */
      trouble?: string;
      /** What was wrong with the seed, while it is looked whether there is another by now */
      failed?: FailedWork;
      /** It waits for others to be seeded */
      waits?: boolean;
      seed?: Seed;
      done: number;
      ended: AbortController;
      over: Promise<void>;
    }
  | { state: 'done'; of: string; applied?: AppliedSeed; at: number }
  | FailedWork
  | {
      state: 'troubled';
      of: string;
      message: string;
      tries: number;
      retryAt: number;
      seed?: Seed;
    };

/** One database to be made, and what it takes. */
export interface DatabaseJob {
  target: Target;
  database: EnvironmentDatabaseSpec;
  driver: DatabaseDriver;
  request: DatabaseRequest;
  password: SecretValue;
  /** The very database: another where what it holds may be another */
  where: string;
  /** Of a server that is the database's own */
  admin?: SecretValue;
  /** What was told of it before, where it was ready with this password and there is nothing to be done but to look */
  told?: EnvironmentDatabaseStatus;
  /** Why it is not as it was, where that is known already */
  trouble?: string;
}

/** The work on databases that goes on beside the queue, one for each. */
export class DatabaseWork {
  readonly #seeds: SeedSource;
  readonly #now: () => number;
  readonly #seedMs: number;
  readonly #tell: (target: Target) => void;
  readonly #work = new Map<string, Work>();
  readonly #places = new FewAtOnce(PLACES);
  readonly #seedPlaces = new FewAtOnce(SEED_PLACES);

  constructor(options: {
    seeds: SeedSource;
    now: () => number;
    /** How long a seed may take, in milliseconds */
    seedMs: number;
    /** Told when there is something new of an environment's databases */
    onNews: (target: Target) => void;
  }) {
    this.#seeds = options.seeds;
    this.#now = options.now;
    this.#seedMs = options.seedMs;
    this.#tell = options.onNews;
  }

  /** Breaks off and forgets what goes on for databases whose keys begin so. */
  async forget(prefix: string): Promise<void> {
    for (const [key, work] of this.#work) {
      if (!key.startsWith(prefix)) continue;
      this.#work.delete(key);
      if (work.state !== 'running') continue;
      work.ended.abort();
      await work.over;
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

  /**
   * Begins it where it has not been, goes on with it, or tries it again where it is time to. Returns at once.
   *
   * @param key - of the database
   * @param of - what it is made from; another asks for another try
   */
  on(key: string, of: string, job: DatabaseJob): Work {
    const there = this.#work.get(key);
    const goesOn =
      there?.of === of &&
      (there.state === 'running' ||
        (there.state === 'failed' &&
          this.#now() < (there.lookAt ?? Infinity)) ||
        (there.state === 'done' && this.#now() - there.at < LOOK_AGAIN_MS) ||
        (there.state === 'troubled' && this.#now() < there.retryAt));
    if (there && goesOn) return there;
    if (there?.state === 'running') {
      // Another is wanted; it begins when this one has ended.
      there.ended.abort();
      return there;
    }
    const before = there?.of === of ? there : undefined;
    const troubled = before?.state === 'troubled' ? before : undefined;
    const failed = failedBefore(there, of, job);
    const tries = troubled?.tries ?? 0;
    const ended = new AbortController();
    const work: Work & { state: 'running' } = {
      ...{ state: 'running', of, done: 0, ended },
      ...(job.told && { told: job.told }),
      ...(job.trouble && { trouble: job.trouble }),
      ...(troubled && { trouble: troubled.message }),
      ...(failed && { failed }),
      over: Promise.resolve(),
    };
    this.#work.set(key, work);
    work.over = this.#run(work, job)
      .then(
        (applied): Work => ({
          ...{ state: 'done', of, at: this.#now() },
          ...(applied && { applied }),
        }),
        (error): Work => this.#failed(error, work, job, tries),
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
    job: DatabaseJob,
  ): Promise<AppliedSeed | undefined> {
    const { target, database, driver, request, password, admin } = job;
    const path = database.seed;
    const late = new AbortController();
    const signal = AbortSignal.any([work.ended.signal, late.signal]);
    let timer: NodeJS.Timeout | undefined;
    let told = this.#now();
    let leave = await this.#places.enter(signal);
    try {
      return await driver.provide(request, {
        ...{ password, signal },
        ...(admin && { admin }),
        ...(path && {
          seed: async () => {
            // It takes its time: whoever is only to be made or looked at does not wait for it.
            leave();
            if (work.told) {
              delete work.told;
              work.trouble =
                'What it held is gone, so it is made and seeded anew.';
            }
            work.waits = true;
            leave = await this.#seedPlaces.enter(signal);
            work.waits = false;
            work.seed = await this.#found(work, target, path, signal);
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
      leave();
    }
  }

  /** @throws SeedRefusedError for one that was refused before: it will be so again */
  async #found(
    { failed }: Work & { state: 'running' },
    target: Target,
    path: string,
    signal: AbortSignal,
  ): Promise<Seed> {
    const seed = await this.#seeds.find(target, path, signal);
    const isSame =
      seed.path === failed?.seed?.path && seed.content === failed.seed.content;
    if (!failed || !isSame) return seed;
    await seed.release();
    throw new SeedRefusedError(failed.message, failed.line);
  }

  #failed(
    error: unknown,
    { of, seed, failed }: Work & { state: 'running' },
    { target: { spec }, where }: DatabaseJob,
    tries: number,
  ): Work {
    const found = seed ?? failed?.seed;
    const known = found ? { seed: found } : {};
    if (error instanceof SeedRefusedError) {
      const { message, line } = error;
      const at = spec.revision ?? spec.pullRequest?.commit ?? '';
      return {
        ...{ state: 'failed', of, where, message, ...known },
        ...(line && { line }),
        ...(!WHOLE_HASH.test(at) && { lookAt: this.#now() + MENDED_MS }),
      };
    }
    // What was wrong stays so while it can't be looked whether it was mended.
    if (failed) return { ...failed, of, lookAt: this.#now() + MENDED_MS };
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
}

/**
 * What was wrong with the seed when it was last tried. Another commit, as each push to a pull request is, says nothing of its
 * file; a statement that was refused is so again in the same database. What took too long may not, another time.
 */
function failedBefore(
  there: Work | undefined,
  of: string,
  { where }: DatabaseJob,
): FailedWork | undefined {
  if (there?.state !== 'failed') return undefined;
  const isSame =
    there.of === of || (there.where === where && there.line !== undefined);
  return isSame ? there : undefined;
}

function tooLate(seed: Seed | undefined, done: number, afterMs: number) {
  const size = seed?.size ?? 0;
  const through = Math.floor((100 * done) / Math.max(1, size));
  return `${seed?.path} was not through after ${durationWords(
    afterMs,
  )}, at ${through} % of it, so nothing of it was kept. Make it smaller or faster, or have the platform team raise platform.previews.databases.seedTimeout.`;
}
