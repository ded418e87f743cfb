import {
  GitHostNotFoundError,
  GitHostRateLimitedError,
} from '@highroad/plugin-platform-node/git-hosts';
import { LedgerStore } from '../database/LedgerStore';
import { Intake } from '../service/Intake';
import { GIT_HOSTS, mergedEvent, mergedId, ticketEvents } from './events';
import { HostReader } from './HostReader';
import { Reading, RepositoryStore } from './RepositoryStore';
import { ServiceRepositories, ServiceRepository } from './ServiceRepositories';
import { Closed } from './shapes';
import { TicketSettings, servicesOf } from './tickets';

/** Name of the lease of whoever reads. */
export const GIT_HOST_READER = 'git-hosts';
/** Repositories that are read in one turn. */
const AT_ONCE = 20;
const AT_LEAST_MS = 60_000;
/** With many repositories each is asked less often: hosts count requests by the hour. */
const EACH_MS = 1_000;
const AFTER_FAILURE_MS = 10 * 60_000;
const WHERE_NOT_SAID_MS = 60_000;
const LIST_MS = 60_000;
const DAY_MS = 86_400_000;
const AT_ONCE_EVENTS = 500;
const MOST_PROBLEM = 1_000;

type Merged = Closed & { merged_at: string; merge_commit_sha: string };

/** Reads pull requests and tickets of the services' repositories from their Git hosts: what was before, and what is new. */
export class GitHostReader {
  readonly #backfillDays: number;
  readonly #intake: Intake;
  readonly #ledger: LedgerStore;
  readonly #now: () => Date;
  readonly #repositories: ServiceRepositories;
  readonly #store: RepositoryStore;
  readonly #tickets: TicketSettings | undefined;
  #known = new Map<string, ServiceRepository>();
  #listedAt = -Infinity;

  constructor(options: {
    /** How far back is read at first */
    backfillDays: number;
    intake: Intake;
    ledger: LedgerStore;
    now: () => Date;
    repositories: ServiceRepositories;
    store: RepositoryStore;
    /** None where issues are no tickets */
    tickets?: TicketSettings;
  }) {
    this.#backfillDays = options.backfillDays;
    this.#intake = options.intake;
    this.#ledger = options.ledger;
    this.#now = options.now;
    this.#repositories = options.repositories;
    this.#store = options.store;
    this.#tickets = options.tickets;
  }

  /** Reads what is due. What fails is tried again later, and nothing else waits for it. */
  async look(signal: AbortSignal): Promise<void> {
    await this.#list();
    const paused = new Map<string, string>();
    for (const reading of await this.#store.due(this.#iso(0), AT_ONCE)) {
      if (signal.aborted) return;
      const { repository } = reading;
      const known = this.#known.get(repository);
      if (!known) continue;
      const { host } = known.host;
      const until = paused.get(host);
      if (until) {
        await this.#store.update(repository, { due_at: until });
        continue;
      }
      try {
        await this.#read(known, reading, signal);
      } catch (error) {
        if (signal.aborted) return;
        const again = this.#iso(
          error instanceof GitHostRateLimitedError
            ? error.retryAfterMs ?? WHERE_NOT_SAID_MS
            : AFTER_FAILURE_MS,
        );
        if (error instanceof GitHostRateLimitedError) paused.set(host, again);
        const reason = error instanceof Error ? error.message : String(error);
        await this.#store.update(repository, {
          due_at: again,
          problem: reason.slice(0, MOST_PROBLEM),
        });
      }
    }
  }

  /** Looks into it at the next turn. @returns whether it is read at all */
  async hint(url: string): Promise<boolean> {
    const one = this.#repositories.at(url);
    if (!one) return false;
    const isRead = await this.#store.makeDue(one.url, this.#iso(0));
    // It may be of a service that was made just now.
    if (!isRead) this.#listedAt = -Infinity;
    return isRead;
  }

  async #list(): Promise<void> {
    const now = this.#now().getTime();
    if (now - this.#listedAt < LIST_MS) return;
    const found = await this.#repositories.all();
    for (const url of this.#tickets?.repositories ?? []) {
      const one = this.#repositories.at(url);
      if (one && !found.has(one.url)) found.set(one.url, one);
    }
    await this.#store.keep(
      [...found.values()].map(({ url: repository, host: { host } }) => ({
        ...{ repository, host },
      })),
      this.#iso(0),
    );
    this.#known = found;
    this.#listedAt = now;
  }

  async #read(
    repository: ServiceRepository,
    reading: Reading,
    signal: AbortSignal,
  ): Promise<void> {
    const reader = new HostReader(repository.host, repository);
    const more =
      repository.services.length > 0 &&
      (await this.#changes(repository, reading, reader, signal));
    // Pages of what was before follow one another at once; tickets wait until they are through.
    if (!more && this.#tickets) {
      await this.#readTickets(repository, reading, reader, signal);
    }
    const pause = Math.max(AT_LEAST_MS, this.#known.size * EACH_MS);
    await this.#store.update(repository.url, {
      due_at: this.#iso(more ? 0 : pause),
      problem: null,
    });
  }

  /**
   * Reads a page. Each change is in the ledger before the next is asked for, so that nothing is asked twice.
   *
   * @returns whether there are more pages
   */
  async #changes(
    repository: ServiceRepository,
    reading: Reading,
    reader: HostReader,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { changes_until, pass_page, pass_newest } = reading;
    const since = changes_until ?? this.#iso(-this.#backfillDays * DAY_MS);
    const { items, isLast } = await reader.closed(pass_page, signal);
    const fresh = items.filter(one => one.updated_at >= since);
    // What was opened again meanwhile is not in the list any more, so that what came after it has moved up to the page before.
    const moved =
      pass_page > 1
        ? (await reader.closed(pass_page - 1, signal)).items.filter(
            one => one.updated_at >= since,
          )
        : [];
    for (const closed of [...moved, ...fresh].filter(isMerged)) {
      await this.#take(repository, closed, reader, signal);
    }
    const newest = pass_newest ?? items[0]?.updated_at;
    const more = !isLast && fresh.length === items.length;
    await this.#store.update(
      repository.url,
      more
        ? { pass_newest: newest, pass_page: pass_page + 1 }
        : {
            changes_until: newest ?? changes_until ?? null,
            ...{ pass_newest: null, pass_page: 1 },
          },
    );
    return more;
  }

  async #take(
    { host: { host }, owner, name, services }: ServiceRepository,
    closed: Merged,
    reader: HostReader,
    signal: AbortSignal,
  ): Promise<void> {
    const origin = { host, repository: `${owner}/${name}` };
    const source = `${GIT_HOSTS}${host}`;
    const told = await this.#ledger.toldOf(
      source,
      new Map(services.map(one => [one, mergedId(origin, closed.number, one)])),
    );
    const untold = services.filter(one => !told.has(one));
    if (untold.length === 0) return;
    const commits = await commitsOf(closed, reader, signal);
    await this.#intake.take(
      untold.map(service => mergedEvent(origin, service, closed, commits)),
      { source },
    );
  }

  async #readTickets(
    repository: ServiceRepository,
    reading: Reading,
    reader: HostReader,
    signal: AbortSignal,
  ): Promise<void> {
    const settings = this.#tickets;
    if (!settings) return;
    const { host, owner, name } = repository;
    const origin = { host: host.host, repository: `${owner}/${name}` };
    const since =
      reading.tickets_until ?? this.#iso(-this.#backfillDays * DAY_MS);
    const found = await reader.issues({ label: settings.label, since }, signal);
    const events = found.flatMap(issue =>
      servicesOf(issue, repository, settings).flatMap(service =>
        ticketEvents(origin, service, issue),
      ),
    );
    const source = `${GIT_HOSTS}${host.host}`;
    for (let at = 0; at < events.length; at += AT_ONCE_EVENTS) {
      await this.#intake.take(events.slice(at, at + AT_ONCE_EVENTS), {
        source,
      });
    }
    const newest = found.reduce(
      (last, one) => (one.updated_at > last ? one.updated_at : last),
      since,
    );
    await this.#store.update(repository.url, {
      tickets_until: newest,
      tickets_from: since,
    });
  }

  #iso(fromNowMs: number): string {
    return new Date(this.#now().getTime() + fromNowMs).toISOString();
  }
}

function isMerged(closed: Closed): closed is Merged {
  return Boolean(closed.merged_at && closed.merge_commit_sha);
}

/** Where a host has forgotten them, the change began when it was opened, as far as anybody knows. */
async function commitsOf(
  closed: Merged,
  reader: HostReader,
  signal: AbortSignal,
): Promise<Array<{ commit: string; authoredAt: string }>> {
  try {
    return await reader.commits(closed.number, signal);
  } catch (error) {
    if (!(error instanceof GitHostNotFoundError)) throw error;
    return [{ commit: closed.merge_commit_sha, authoredAt: closed.created_at }];
  }
}
