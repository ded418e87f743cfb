import { AuthService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { gitCommits } from '@highroad/plugin-metrics-node';
import {
  credentialsFor,
  EntityRepositories,
  failureOf,
  git,
  RepositoryLocation,
  RepositoryLocator,
} from '@highroad/plugin-platform-node/git';
import { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Intake } from '../service/Intake';

/** Name of the lease of whoever reads commits. */
export const COMMITS = 'commits';
const SOURCE = '/git';
const AT_ONCE = 500;
const MOST_PLACES = 200;
/** Of those that are looked through for these. */
const PAGE = 1_000;
const MOST_KNOWN = 100;
/** How far back history is read at once. */
const DEPTH = 20_000;
const FETCH_MS = 120_000;
const QUICK_MS = 10_000;
const MOST_BYTES = 1024 * 1024;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;
/** After so many of a service that could not be read one after another, the others of it wait too: they will mostly fare no better. */
const MOST_FAILED = 20;
/** More are looked at in vain. */
const MOST_WAITING = 20_000;
const COMMIT = /^[a-f0-9]{40}(?:[a-f0-9]{24})?$/;

const missingSchema = z.array(
  z.object({ service: z.string(), commit: z.string() }),
);
/** What is looked at of a commit that was read. */
const readSchema = z
  .object({
    data: z.object({ commit: z.string() }).passthrough(),
  })
  .passthrough();
/** A deployment's commit that nothing is known of. */
type Missing = z.infer<typeof missingSchema>[number];

interface Failed {
  tries: number;
  /** In milliseconds since 1970 */
  again: number;
}

/** Of a service itself, so that none of its commits can be read. */
class NoRepository extends NotFoundError {}

/** Reads the commits of deployments from the services' repositories, so that it is known what each brought. */
export class CommitReader {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #db: Knex;
  readonly #intake: Intake;
  readonly #locator: Pick<RepositoryLocator, 'locate'>;
  readonly #now: () => Date;
  readonly #onProblem: (message: string) => void;
  readonly #repositories: EntityRepositories;
  /** What could not be read, and when it is tried again */
  readonly #failed = new Map<string, Failed>();
  /** Services of which nothing could be read, and when that is tried again */
  readonly #waiting = new Map<string, Failed>();

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    db: Knex;
    intake: Intake;
    locator: Pick<RepositoryLocator, 'locate'>;
    now: () => Date;
    onProblem: (message: string) => void;
    repositories: EntityRepositories;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#db = options.db;
    this.#intake = options.intake;
    this.#locator = options.locator;
    this.#now = options.now;
    this.#onProblem = options.onProblem;
    this.#repositories = options.repositories;
  }

  /** Reads what is missing, newest first. What fails is tried again later and later; nothing else waits for it. */
  async look(signal: AbortSignal): Promise<void> {
    const inVain = new Map<string, number>();
    for (const missing of await this.#missing()) {
      if (signal.aborted) return;
      const { service } = missing;
      if (isLater(this.#waiting.get(service), this.#now())) continue;
      const key = keyOf(missing);
      try {
        await this.#read(missing, signal);
        this.#failed.delete(key);
        this.#waiting.delete(service);
        inVain.delete(service);
      } catch (error) {
        if (signal.aborted) return;
        const isOfService = error instanceof NoRepository;
        const failures = (inVain.get(service) ?? 0) + 1;
        inVain.set(service, failures);
        const tries = isOfService
          ? this.#wait(this.#waiting, service)
          : this.#wait(this.#failed, key);
        if (!isOfService && failures === MOST_FAILED) {
          this.#wait(this.#waiting, service);
        }
        // Others of it mostly fail for the same.
        if (tries > 1 || failures > 1) continue;
        this.#onProblem(
          `The commits of ${service} could not be read: ${
            error instanceof Error ? error.message : error
          }. They are tried again; until then it is not known what was deployed.`,
        );
      }
    }
  }

  /** @returns how often it was in vain by now */
  #wait(waiting: Map<string, Failed>, key: string): number {
    const tries = (waiting.get(key)?.tries ?? 0) + 1;
    const pause = Math.min(
      LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 20),
    );
    waiting.set(key, { tries, again: this.#now().getTime() + pause });
    return tries;
  }

  /** Those that are not waited with. */
  async #missing(): Promise<Missing[]> {
    const found: Missing[] = [];
    const now = this.#now();
    const waiting = [...this.#waiting]
      .filter(([, failed]) => isLater(failed, now))
      .map(([service]) => service);
    for (let offset = 0; found.length < MOST_PLACES; offset += PAGE) {
      const rows = missingSchema.parse(
        await this.#db('deployment_facts')
          // As the index has it by which these are found.
          .whereRaw("range_state = 'unknown-commit'")
          .where({ example: false })
          .whereNotIn('service', waiting.slice(0, MOST_WAITING))
          .groupBy('service', 'commit')
          .max({ latest: 'finished_at' })
          .orderBy([
            { column: 'latest', order: 'desc' },
            { column: 'service' },
            { column: 'commit' },
          ])
          .offset(offset)
          .limit(PAGE)
          .select('service', 'commit'),
      );
      found.push(
        ...rows.filter(
          one =>
            COMMIT.test(one.commit) &&
            !isLater(this.#failed.get(keyOf(one)), now),
        ),
      );
      if (rows.length < PAGE) break;
    }
    return found.slice(0, MOST_PLACES);
  }

  async #read({ service, commit }: Missing, signal: AbortSignal) {
    const location = await this.#locator.locate(
      await this.#repositoryOf(service),
    );
    if (location.kind === 'local') {
      await this.#take(location.directory, { service, commit });
      return;
    }
    const directory = await mkdtemp(join(tmpdir(), 'highroad-commits-'));
    try {
      await fetchHistory(location, directory, commit, signal);
      await this.#take(directory, { service, commit });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #take(directory: string, { service, commit }: Missing): Promise<void> {
    const known: string[] = await this.#db('deployment_facts')
      .where({ service })
      .whereIn('range_state', ['known', 'baseline'])
      .orderBy('finished_at', 'desc')
      .limit(MOST_KNOWN)
      .pluck('commit');
    let read: Array<z.output<typeof readSchema>> = [];
    let count = 0;
    let refused: string | undefined;
    const flush = async () => {
      count += read.length;
      const events = read;
      read = [];
      if (events.length === 0) return;
      const { quarantined } = await this.#intake.take(events, {
        ...{ source: SOURCE, service },
      });
      refused ??= quarantined.find(
        ({ index }) => events[index].data.commit === commit,
      )?.reason;
    };
    for await (const event of gitCommits({
      ...{ directory, service, tips: [commit], known },
    })) {
      read.push(readSchema.parse(event));
      if (read.length >= AT_ONCE) await flush();
    }
    await flush();
    if (count === 0) {
      throw new NotFoundError(`its repository has no commit ${commit}`);
    }
    // It is no better in two seconds.
    if (refused) throw new InputError(`commit ${commit}: ${refused}`);
  }

  async #repositoryOf(service: string): Promise<string> {
    const entity = await this.#catalog.getEntityByRef(service, {
      credentials: await this.#auth.getOwnServiceCredentials(),
    });
    if (!entity) throw new NoRepository('the catalog does not have it');
    const repository = this.#repositories.repositoryOf(entity);
    if (!repository) {
      throw new NoRepository(
        'the catalog has not read its file from a branch at a Git host under "integrations" in app-config',
      );
    }
    return repository;
  }
}

function isLater(failed: Failed | undefined, now: Date): boolean {
  return failed !== undefined && failed.again > now.getTime();
}

function keyOf({ service, commit }: Missing): string {
  return `${service} ${commit}`;
}

/** Commits without files: a few hundred bytes each. */
async function fetchHistory(
  location: Extract<RepositoryLocation, { kind: 'remote' }>,
  directory: string,
  commit: string,
  signal: AbortSignal,
): Promise<void> {
  const bounds = { directory, maxBytes: MOST_BYTES, signal };
  const made = await git(['init', '--quiet', '--bare', directory], {
    ...bounds,
    timeoutMs: QUICK_MS,
  });
  if (made.code !== 0) throw new Error(`git init failed: ${made.stderr}`);
  const { code, stderr } = await git(
    [
      ...['fetch', '--quiet', `--depth=${DEPTH}`, '--no-tags'],
      ...['--no-write-fetch-head', '--filter=tree:0'],
      ...['--', location.url, commit],
    ],
    {
      ...bounds,
      timeoutMs: FETCH_MS,
      network: true,
      settings: credentialsFor(location),
    },
  );
  if (code !== 0) throw failureOf(location, `commit ${commit}`, stderr);
}
