import {
  createOperationClient,
  FetchApi,
  OperationClient,
} from '@highroad/plugin-platform-common';
import { RepositoryId } from './address';
import { localRepositoriesOperations } from './operations';
import { Commit, Repository, RepositoryFile, Tree } from './schemas';

/** Reads repositories kept on the portal's machine. Errors are `ResponseError`s of the backend's answer. */
export class LocalRepositoriesClient {
  readonly #client: OperationClient<typeof localRepositoriesOperations>;

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: FetchApi }) {
    this.#client = createOperationClient(
      localRepositoriesOperations,
      options.fetchApi,
    );
  }

  async list(): Promise<Repository[]> {
    return (await this.#client.list({})).items;
  }

  get({ owner, name }: RepositoryId): Promise<Repository> {
    return this.#client.get({ owner, name });
  }

  tree(id: RepositoryId, ref: string, folder: string): Promise<Tree> {
    const { owner, name } = id;
    return this.#client.tree({ owner, name, ref, path: folder });
  }

  file(id: RepositoryId, ref: string, file: string): Promise<RepositoryFile> {
    const { owner, name } = id;
    return this.#client.file({ owner, name, ref, path: file });
  }

  async commits(id: RepositoryId, ref: string): Promise<Commit[]> {
    const { owner, name } = id;
    return (await this.#client.commits({ owner, name, ref })).items;
  }
}
