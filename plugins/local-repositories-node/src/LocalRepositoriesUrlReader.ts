import {
  ReaderFactory,
  ReadTreeResponseFactory,
} from '@backstage/backend-defaults/urlReader';
import {
  UrlReaderService,
  UrlReaderServiceReadTreeOptions,
  UrlReaderServiceReadTreeResponse,
  UrlReaderServiceReadUrlOptions,
  UrlReaderServiceReadUrlResponse,
  UrlReaderServiceSearchResponse,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError, NotModifiedError } from '@backstage/errors';
import {
  parseRepositoryUrl,
  RepositoryPath,
} from '@highroad/plugin-local-repositories-common';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { LocalRepositories } from './LocalRepositories';

/**
 * Reads repositories on this machine by the address of their page in the portal, so that the catalog and the
 * documentation builder treat them like those at any Git host. The etag is the commit.
 */
export class LocalRepositoriesUrlReader implements UrlReaderService {
  readonly #repositories: LocalRepositories;
  readonly #portalUrl: string;
  readonly #treeResponseFactory: ReadTreeResponseFactory;

  /** Takes no address unless `platform.localRepositories.directory` is set. */
  static factory: ReaderFactory = ({ config, treeResponseFactory }) => {
    const repositories = LocalRepositories.fromConfig(config);
    if (!repositories) return [];
    const portalUrl = config.getString('app.baseUrl');
    const reader = new LocalRepositoriesUrlReader(
      repositories,
      portalUrl,
      treeResponseFactory,
    );
    const predicate = (url: URL) =>
      url.href.startsWith(`${portalUrl.replace(/\/$/, '')}/repositories/`);
    return [{ reader, predicate }];
  };

  constructor(
    repositories: LocalRepositories,
    portalUrl: string,
    treeResponseFactory: ReadTreeResponseFactory,
  ) {
    this.#repositories = repositories;
    this.#portalUrl = portalUrl;
    this.#treeResponseFactory = treeResponseFactory;
  }

  async readUrl(
    url: string,
    options?: UrlReaderServiceReadUrlOptions,
  ): Promise<UrlReaderServiceReadUrlResponse> {
    const at = this.#parse(url);
    const etag = await this.#commit(at, options?.etag);
    const content = await this.#repositories.read(at, etag, at.path);
    return {
      buffer: async () => content,
      stream: () => Readable.from(content),
      etag,
    };
  }

  async readTree(
    url: string,
    options?: UrlReaderServiceReadTreeOptions,
  ): Promise<UrlReaderServiceReadTreeResponse> {
    const at = this.#parse(url);
    const etag = await this.#commit(at, options?.etag);
    const archive = await this.#repositories.archive(at, etag, at.path);
    return this.#treeResponseFactory.fromTarArchive({
      stream: Readable.from(archive),
      etag,
      filter: options?.filter,
    });
  }

  async search(url: string): Promise<UrlReaderServiceSearchResponse> {
    if (/[*{[]/.test(url)) {
      throw new InputError(
        `Repositories on this machine cannot be searched by pattern: ${url}`,
      );
    }
    try {
      const file = await this.readUrl(url);
      return {
        files: [{ url, content: file.buffer }],
        etag: file.etag ?? '',
      };
    } catch (error) {
      if (error instanceof NotFoundError) return { files: [], etag: '' };
      throw error;
    }
  }

  toString() {
    return `localRepositories{${basename(this.#portalUrl)}}`;
  }

  #parse(url: string): RepositoryPath {
    const at = parseRepositoryUrl(url, this.#portalUrl);
    if (!at) throw new InputError(`${url} is not the address of a repository.`);
    return at;
  }

  async #commit(at: RepositoryPath, known?: string): Promise<string> {
    const commit = await this.#repositories.resolve(at, at.ref);
    if (commit === known) throw new NotModifiedError();
    return commit;
  }
}
