import { fillIn, serviceRefOf } from '@highroad/plugin-environments-common';
import {
  RepositoryLocation,
  RepositoryLocator,
} from '@highroad/plugin-platform-node/git';
import { ManifestSource } from '@highroad/plugin-platform-node/manifests';
import {
  ManifestProblem,
  ManifestReader,
  ReadManifests,
  ServiceOfManifests,
} from '../../controller/manifests/ManifestReader';
import { Target } from '../../controller/Target';
import { isToChange } from '../repositories/failures';
import { resolveCommit } from '../repositories/resolveCommit';
import {
  sameRepository,
  ServiceRepositories,
} from '../repositories/ServiceRepositories';

/** The overlay that previews take where there is one, before the one that is configured. */
const PREVIEW = 'preview';

/** Renders what services' repositories hold, at the commit that an environment is of. */
export class RepositoryManifests implements ManifestReader {
  readonly #locator: RepositoryLocator;
  readonly #services: ServiceRepositories;
  readonly #source: Pick<ManifestSource, 'render'>;
  readonly #overlay: string;

  /** @param options.overlay - that is taken where a repository has none for previews */
  constructor(options: {
    locator: RepositoryLocator;
    services: ServiceRepositories;
    source: Pick<ManifestSource, 'render'>;
    overlay: string;
  }) {
    this.#locator = options.locator;
    this.#services = options.services;
    this.#source = options.source;
    this.#overlay = options.overlay;
  }

  async read(
    target: Target,
    service: ServiceOfManifests,
    options: { commit?: string; signal: AbortSignal },
  ): Promise<ReadManifests> {
    const { signal } = options;
    try {
      const repository = await this.#services.repositoryOf(
        service.name,
        target.owner,
      );
      if (!repository) {
        throw new ManifestProblem(
          `It is not known which repository holds its manifests: the catalog has no ${serviceRefOf(
            service.name,
          )} of ${
            target.owner
          } whose file it read from a branch at a Git host. Register it so, or give an image in place of "from".`,
        );
      }
      const commit =
        options.commit ??
        (await this.#commitOf(target, service, repository, signal));
      const { overlay } = service.from;
      const { objects } = await this.#source.render({
        ...{ repository, commit, signal },
        environment: overlay ?? PREVIEW,
        tier: overlay ?? this.#overlay,
      });
      return { commit, objects };
    } catch (error) {
      throw isToChange(error) ? new ManifestProblem(error.message) : error;
    }
  }

  /** In the repository that the environment is of, what it says; in others their newest. */
  async #commitOf(
    { spec, resource }: Target,
    { from }: ServiceOfManifests,
    repository: string,
    signal: AbortSignal,
  ): Promise<string> {
    const location = await this.#locator.locate(repository);
    const own = await this.#isOwn(spec.repository, location);
    const revision =
      from.revision ??
      (own ? spec.revision ?? spec.pullRequest?.commit : undefined);
    return resolveCommit(
      location,
      revision === undefined
        ? undefined
        : fillIn(revision, {
            name: resource.name,
            pullRequest: spec.pullRequest,
          }).text,
      signal,
    );
  }

  async #isOwn(
    repository: string | undefined,
    location: RepositoryLocation,
  ): Promise<boolean> {
    if (!repository) return false;
    return sameRepository(await this.#locator.locate(repository), location);
  }
}
