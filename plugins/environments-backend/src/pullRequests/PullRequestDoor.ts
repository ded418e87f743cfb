import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { waitFor } from '@highroad/plugin-platform-node';
import { PullRequest } from '../drivers/gitHosts/PullRequestHost';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import {
  EnvironmentResource,
  EnvironmentResources,
} from '../service/EnvironmentResources';
import { Foreseen, foreseenOf } from './Foreseen';
import { newMemory } from './Memory';
import { Plan, Provisioning } from './Provisioning';
import { environmentNameOf, PullRequestRef } from './PullRequestRef';
import { PullRequestStore } from './PullRequestStore';
import { RepositoryOwners, ServiceRepository } from './RepositoryOwners';

/** How long somebody waits for what they asked for at most, in milliseconds. */
const WAIT_MS = 20_000;
const NUMBER = /^\/pulls?\/([1-9]\d{0,8})(?:[/?#]|$)/;

const NOT_CONNECTED =
  'No Git host is connected for pull requests. Add one under platform.pullRequests.hosts in app-config.';

/** A pull request of a repository that services of the catalog are in. */
export interface KnownPullRequest {
  ref: PullRequestRef;
  repository: ServiceRepository;
}

/**
 * Pull requests by their addresses, for people at the portal and the command. It only foresees, and asks for a look: what is done is
 * done by the one who looks at pull requests, by the same rules.
 */
export class PullRequestDoor {
  readonly #environments: EnvironmentResources;
  readonly #hosts: PullRequestHosts;
  readonly #now: () => Date;
  readonly #owners: RepositoryOwners;
  readonly #provisioning: Pick<Provisioning, 'plan'>;
  readonly #store: Pick<PullRequestStore, 'find' | 'revive'>;
  readonly #want: (ref: PullRequestRef) => Promise<void>;

  constructor(options: {
    environments: EnvironmentResources;
    hosts: PullRequestHosts;
    now: () => Date;
    owners: RepositoryOwners;
    provisioning: Pick<Provisioning, 'plan'>;
    store: Pick<PullRequestStore, 'find' | 'revive'>;
    /** Resolves when it is not lost any more */
    want: (ref: PullRequestRef) => Promise<void>;
  }) {
    this.#environments = options.environments;
    this.#hosts = options.hosts;
    this.#now = options.now;
    this.#owners = options.owners;
    this.#provisioning = options.provisioning;
    this.#store = options.store;
    this.#want = options.want;
  }

  /**
   * Asks the catalog only: a host is not asked about what nobody here owns.
   *
   * @throws InputError for what is no address of a pull request
   * @throws NotFoundError where its host is not connected, or its repository has no service of the catalog
   */
  async locate(url: string): Promise<KnownPullRequest> {
    const text = url.trim();
    const found = this.#hosts.repositoryAt(text);
    if (!found) {
      const names = this.#hosts.all().map(({ host }) => host);
      throw new NotFoundError(
        names.length === 0
          ? NOT_CONNECTED
          : `"${text}" is at no Git host whose pull requests get environments: ${names.join(
              ', ',
            )}. Copy the address of the pull request’s page.`,
      );
    }
    const { host, repository } = found;
    const number = NUMBER.exec(
      text.slice(host.repositoryUrl(repository).length),
    )?.[1];
    if (!number) {
      throw new InputError(
        `"${text}" is no pull request. Copy the address of its page, such as ${host.repositoryUrl(
          repository,
        )}/${host.kind === 'gitea' ? 'pulls' : 'pull'}/12.`,
      );
    }
    const known = await this.#owners.find(host.host, repository);
    if (!known) {
      const { owner, name } = repository;
      throw new NotFoundError(
        `No service of the catalog is in ${owner}/${name}, so it is not known whose environment this would be. Register its catalog-info.yaml in the portal.`,
      );
    }
    return {
      ref: { host: host.host, ...repository, number: Number(number) },
      repository: known,
    };
  }

  /**
   * The open pull requests of a service's repository, the newest first.
   *
   * @param service - reference
   * @throws NotFoundError where its repository is at no host that is connected
   */
  async openOf(
    service: string,
    signal: AbortSignal,
  ): Promise<{ repository: ServiceRepository; open: PullRequest[] }> {
    const repository = await this.#owners.ofService(service);
    if (!repository) {
      const names = this.#hosts.all().map(({ host }) => host);
      throw new NotFoundError(
        names.length === 0
          ? NOT_CONNECTED
          : `${service} is in no repository at a Git host whose pull requests get environments: ${names.join(
              ', ',
            )}. Register its catalog-info.yaml by its address there, at a branch.`,
      );
    }
    const host = this.#hosts.get(repository.host);
    const open = await host.openPullRequests(repository, signal);
    return {
      repository,
      open: [...open].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
    };
  }

  /** What would be made, or why not. It changes nothing. */
  async foresee(ref: PullRequestRef, signal: AbortSignal): Promise<Foreseen> {
    const host = this.#hosts.get(ref.host);
    const pullRequest = await host.pullRequest(ref, signal);
    const memory = (await this.#store.find(ref))?.memory ?? newMemory();
    const look = { ref, host, pullRequest, signal };
    let plan: Plan = await this.#provisioning.plan({ ...look, memory });
    if (plan.kind === 'settled' && plan.standing.kind === 'ended') {
      const again = { ...memory, ended: undefined, applied: undefined };
      plan = await this.#provisioning.plan({ ...look, memory: again });
    }
    return foreseenOf(ref, pullRequest, plan);
  }

  /**
   * Has it looked at, and waits for a while until its environment is what was foreseen.
   *
   * @returns undefined where that takes longer
   * @throws InputError for a manifest that is wrong, ConflictError for what else is in the way
   */
  async bring(
    ref: PullRequestRef,
    foreseen: Foreseen,
    signal: AbortSignal,
  ): Promise<EnvironmentResource | undefined> {
    const { obstacle, problems, wanted, found } = foreseen;
    if (obstacle) throw new ConflictError(obstacle);
    if (!wanted) {
      const list = problems.map(({ field, message }) =>
        [field, message].filter(Boolean).join(': '),
      );
      throw new InputError(
        `The manifest of the pull request can't be used. ${list.join(
          '; ',
        )}. See docs/runbooks/environment-refused.md.`,
      );
    }
    const { revision } = wanted.manifest.spec;
    const name = environmentNameOf(ref);
    const done = new AbortController();
    const unlisten = this.#environments.onChange(change => {
      if (change.type !== 'applied') return;
      const { resource } = change;
      const same = resource.name === name && resource.home === this.#home;
      if (same && resource.spec?.revision === revision) done.abort();
    });
    try {
      if (!found) await this.#store.revive(ref, this.#now().toISOString());
      await this.#want(ref);
      if (!foreseen.upToDate) {
        await waitFor(WAIT_MS, AbortSignal.any([signal, done.signal]));
      }
    } finally {
      unlisten();
    }
    const there = await this.#environments.find({ home: this.#home, name });
    return there?.spec?.revision === revision ? there : undefined;
  }

  get #home(): string {
    return this.#environments.home;
  }
}
