import { callOperation, FetchApi } from '@highroad/plugin-platform-common';
import { createOperations } from './operations';
import { GitHostList, NameCheck, Preview, PreviewRequest } from './schemas';

const { gitHosts, checkName, preview } = createOperations;

/** Asks the portal about a service before it is created. Errors are `ResponseError`s of the backend's answer. */
export class CreateClient {
  readonly #fetchApi: FetchApi;

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  /** Where repositories can be created. */
  gitHosts(): Promise<GitHostList> {
    return callOperation(this.#fetchApi, gitHosts, {});
  }

  /**
   * Checks a name against its form, the catalog and the Git host, and whether there are the owner and the system. An empty
   * host means the default one.
   */
  checkName(
    name: string,
    where: {
      gitHost?: string;
      gitOwner?: string;
      owner?: string;
      system?: string;
    } = {},
  ): Promise<NameCheck> {
    return callOperation(this.#fetchApi, checkName, { name, ...where });
  }

  /** Runs a template without effects. */
  preview(request: PreviewRequest): Promise<Preview> {
    return callOperation(this.#fetchApi, preview, request);
  }
}
