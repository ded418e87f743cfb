import { askPlugin } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { RepositoryId } from './address';
import {
  Commit,
  commitListSchema,
  fileSchema,
  Repository,
  RepositoryFile,
  repositoryListSchema,
  repositorySchema,
  Tree,
  treeSchema,
} from './schemas';

/** Reads repositories kept on the portal's machine. Errors are `ResponseError`s of the backend's answer. */
export class LocalRepositoriesClient {
  readonly #fetchApi: { fetch: typeof fetch };

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: { fetch: typeof fetch } }) {
    this.#fetchApi = options.fetchApi;
  }

  async list(): Promise<Repository[]> {
    return (await this.#get('/repositories', repositoryListSchema)).items;
  }

  get(id: RepositoryId): Promise<Repository> {
    return this.#get(path(id), repositorySchema);
  }

  tree(id: RepositoryId, ref: string, folder: string): Promise<Tree> {
    const query = new URLSearchParams({ ref, path: folder });
    return this.#get(`${path(id)}/tree?${query}`, treeSchema);
  }

  file(id: RepositoryId, ref: string, file: string): Promise<RepositoryFile> {
    const query = new URLSearchParams({ ref, path: file });
    return this.#get(`${path(id)}/file?${query}`, fileSchema);
  }

  async commits(id: RepositoryId, ref: string): Promise<Commit[]> {
    const query = new URLSearchParams({ ref });
    return (await this.#get(`${path(id)}/commits?${query}`, commitListSchema))
      .items;
  }

  #get<T extends z.ZodTypeAny>(
    address: string,
    schema: T,
  ): Promise<z.output<T>> {
    const url = `plugin://local-repositories${address}`;
    return askPlugin(this.#fetchApi, url, schema);
  }
}

function path({ owner, name }: RepositoryId): string {
  return `/repositories/${encodeURIComponent(owner)}/${encodeURIComponent(
    name,
  )}`;
}
