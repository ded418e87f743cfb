import {
  GitHostRateLimitedError,
  GitHostRefusedError,
} from '@highroad/plugin-platform-node/git-hosts';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { EnvironmentResources } from '../service/EnvironmentResources';
import { PullRequestRef } from './PullRequestRef';
import { PullRequestStore, WHOLE_REPOSITORY } from './PullRequestStore';
import { RepositoryOwners } from './RepositoryOwners';

/** What a host finds for a search may lag behind; it is asked for from so long before the last time on, in milliseconds. */
const OVERLAP_MS = 120_000;
/** From so long before the start. What is older is found by lists. */
const FIRST_MS = 600_000;
/** Of how many owners is asked at once: GitHub answers 30 searches a minute. */
const OWNERS_AT_ONCE = 5;

/**
 * Finds out what no webhook told. It decides nothing: what is missing from a list is asked for by itself, and what is new or changed
 * is looked at as if a webhook had told of it. So an empty or wrong list costs questions and no environment.
 */
export class Relisting {
  readonly #environments: EnvironmentResources;
  readonly #hosts: PullRequestHosts;
  readonly #now: () => Date;
  readonly #owners: RepositoryOwners;
  readonly #store: PullRequestStore;
  /** By host and owner, when it was last asked for what has changed, and answered, in milliseconds */
  readonly #turns = new Map<string, { asked: number; answered?: number }>();

  constructor(options: {
    environments: EnvironmentResources;
    hosts: PullRequestHosts;
    now: () => Date;
    owners: RepositoryOwners;
    store: PullRequestStore;
  }) {
    this.#environments = options.environments;
    this.#hosts = options.hosts;
    this.#now = options.now;
    this.#owners = options.owners;
    this.#store = options.store;
  }

  /** Has every repository listed that services are in, and every pull request known that has an environment. */
  async discover(): Promise<void> {
    const now = this.#now().toISOString();
    const repositories = await this.#owners.all();
    await this.#store.know(
      repositories.map(({ host, owner, name }) => ({
        ...{ host, owner, name, number: WHOLE_REPOSITORY },
      })),
      now,
    );
    const hosts = new Set(this.#hosts.all().map(({ host }) => host));
    const resources = await this.#environments.list();
    await this.#store.know(
      resources.flatMap(({ spec }) => {
        const reference = spec?.pullRequest;
        if (!reference || !hosts.has(reference.host)) return [];
        const [owner, name] = reference.repository.split('/');
        const { host, number } = reference;
        return [{ host, owner, name, number }];
      }),
      now,
    );
  }

  /**
   * Has those looked at that a host finds to have changed in any repository of an owner: one question, however many
   * repositories there are. Owners have their turn, those first whose was longest ago.
   *
   * @throws AggregateError with what hosts throw, after all were asked
   */
  async findChanges(signal: AbortSignal): Promise<void> {
    const owners = new Map(
      (await this.#owners.all()).map(({ host, owner }) => [
        `${host}/${owner}`,
        { host, owner },
      ]),
    );
    const askedAt = (key: string) => this.#turns.get(key)?.asked ?? 0;
    const turn = [...owners]
      .sort(([one], [other]) => askedAt(one) - askedAt(other))
      .slice(0, OWNERS_AT_ONCE);
    const settled = await Promise.allSettled(
      turn.map(async ([key, { host, owner }]) => {
        const asked = this.#now().getTime();
        const answered = this.#turns.get(key)?.answered;
        // One that fails waits for its next turn as all others do.
        this.#turns.set(key, { asked, answered });
        const since = answered ? answered - OVERLAP_MS : asked - FIRST_MS;
        await this.#findChangesOf(host, owner, new Date(since), signal);
        this.#turns.set(key, { asked, answered: asked });
      }),
    );
    const failures = settled.flatMap(one =>
      one.status === 'rejected' ? [one.reason] : [],
    );
    if (failures.length > 0) {
      throw new AggregateError(failures, failures.map(String).join('; '));
    }
  }

  async #findChangesOf(
    host: string,
    owner: string,
    since: Date,
    signal: AbortSignal,
  ): Promise<void> {
    const found = await this.#hosts
      .get(host)
      .changedPullRequests(owner, since, signal);
    const changed: PullRequestRef[] = [];
    for (const { updatedAt, state, owner: of, name, number } of found) {
      const ref = { host, owner: of, name, number };
      const known = await this.#store.find(ref);
      if (known?.memory.seen?.updatedAt === updatedAt) continue;
      // Of one that is over and was never heard of there is nothing, and what is in others' repositories is none of ours.
      const isOurs =
        known ||
        (state === 'open' &&
          (await this.#owners.find(host, { owner: of, name })));
      if (isOurs) changed.push(ref);
    }
    await this.#store.want(changed, this.#now().toISOString());
  }

  /**
   * Lists the open pull requests of a repository.
   *
   * @returns whether it is worth listing again
   * @throws what the host throws
   */
  async list(
    repository: PullRequestRef,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { host, owner, name } = repository;
    const now = this.#now().toISOString();
    const known = await this.#store.ofRepository(host, repository);
    const registered = await this.#owners.find(host, repository);
    if (!registered && known.length === 0) return false;
    const open = await this.#hosts
      .get(host)
      .openPullRequests({ owner, name }, signal)
      .catch(async error => {
        const mayAsk = !(
          error instanceof GitHostRateLimitedError ||
          error instanceof GitHostRefusedError
        );
        // Those that have something to lose by waiting are asked for one by one.
        const running = known.filter(({ memory }) => memory.applied);
        if (mayAsk)
          await this.#store.want(
            running.map(({ ref }) => ref),
            now,
          );
        throw error;
      });
    const isKnown = new Map(known.map(item => [item.ref.number, item.memory]));
    const changed = open.filter(({ number, commit, updatedAt }) => {
      const seen = isKnown.get(number)?.seen;
      return seen?.commit !== commit || seen.updatedAt !== updatedAt;
    });
    const listed = new Set(open.map(({ number }) => number));
    const missing = known.filter(({ ref }) => !listed.has(ref.number));
    await this.#store.want(
      [
        ...changed.map(({ number }) => ({ host, owner, name, number })),
        ...missing.map(({ ref }) => ref),
      ],
      now,
    );
    return true;
  }
}
