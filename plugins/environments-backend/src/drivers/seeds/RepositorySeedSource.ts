import { fillIn } from '@highroad/plugin-environments-common';
import { Seed } from '@highroad/plugin-environments-node';
import { RepositoryLocator } from '@highroad/plugin-platform-node/git';
import { SeedProblem, SeedSource } from '../../controller/SeedSource';
import { Target } from '../../controller/Target';
import { isToChange } from '../repositories/failures';
import { resolveCommit } from '../repositories/resolveCommit';
import {
  sameRepository,
  ServiceRepositories,
} from '../repositories/ServiceRepositories';
import { fetchFile } from './fetchFile';

/** Reads seeds from repositories at Git hosts, at the commit that an environment names. */
export class RepositorySeedSource implements SeedSource {
  readonly #locator: RepositoryLocator;
  readonly #services: ServiceRepositories;

  constructor(options: {
    locator: RepositoryLocator;
    services: ServiceRepositories;
  }) {
    this.#locator = options.locator;
    this.#services = options.services;
  }

  async find(target: Target, path: string, signal: AbortSignal): Promise<Seed> {
    try {
      return await this.#find(target, path, signal);
    } catch (error) {
      throw isToChange(error) ? new SeedProblem(error.message) : error;
    }
  }

  async #find(
    target: Target,
    path: string,
    signal: AbortSignal,
  ): Promise<Seed> {
    const { spec, resource, owner } = target;
    const repository = await this.#repositoryOf(target);
    const filled = (text: string) =>
      fillIn(text, { name: resource.name, pullRequest: spec.pullRequest }).text;
    const location = await this.#locator.locate(repository);
    // Another team's repository is not readable by way of a seed.
    if (spec.repository && !spec.pullRequest) {
      const own = await Promise.all(
        spec.services.map(({ name }) =>
          this.#services.repositoryOf(name, owner),
        ),
      );
      const known = await Promise.all(
        own
          .filter(one => one !== undefined)
          .map(one => this.#locator.locate(one)),
      );
      const mine = known.some(one => sameRepository(one, location));
      if (!mine) {
        throw new SeedProblem(
          `The seed ${path} is to be read from ${spec.repository}, which is not the repository of a service of ${owner} in this environment. Leave spec.repository out, or name that of a service that is in it.`,
        );
      }
    }
    const commit = await resolveCommit(
      location,
      spec.revision ? filled(spec.revision) : spec.pullRequest?.commit,
      signal,
    );
    const name = filled(path);
    const file = await fetchFile(location, commit, name, signal);
    return {
      ...{ path: name, repository, commit },
      ...{ content: file.content, size: file.size },
      open: reading => file.open(reading),
      release: () => file.remove(),
    };
  }

  async #repositoryOf({ spec, owner }: Target): Promise<string> {
    if (spec.repository) return spec.repository;
    for (const { name } of spec.services) {
      const found = await this.#services.repositoryOf(name, owner);
      if (found) return found;
    }
    throw new SeedProblem(
      `It is not known which repository the seed is in: the catalog has no service of ${owner} called ${spec.services
        .map(({ name }) => name)
        .join(
          ' or ',
        )} whose file it read from a branch at a Git host. Add spec.repository, and spec.revision for another commit than the newest.`,
    );
  }
}
