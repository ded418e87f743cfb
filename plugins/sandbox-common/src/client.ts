import {
  createOperationClient,
  FetchApi,
  OperationClient,
} from '@highroad/plugin-platform-common';
import { BuildAnswer, BuildList, LogTail, SandboxAnswer } from './answers';
import { sandboxOperations } from './operations';

/** Asks the portal about its sandbox. Errors are `ResponseError`s of the backend's answer. */
export class SandboxApiClient {
  readonly #client: OperationClient<typeof sandboxOperations>;

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: FetchApi }) {
    this.#client = createOperationClient(sandboxOperations, options.fetchApi);
  }

  /**
   * @param options.after - waits for a change beyond this revision, or beyond "not running" for 0; at most half a
   * minute, after which the answer may be the same
   */
  status(
    options: { after?: number; signal?: AbortSignal } = {},
  ): Promise<SandboxAnswer> {
    const { signal, ...input } = options;
    return this.#client.status(input, { signal });
  }

  /**
   * The last lines that a server wrote.
   *
   * @param options.after - waits until the log has another size than this, at most half a minute
   */
  log(
    server: string,
    options: { lines?: number; after?: number; signal?: AbortSignal } = {},
  ): Promise<LogTail> {
    const { signal, ...input } = options;
    return this.#client.log({ server, ...input }, { signal });
  }

  /**
   * The newest builds.
   *
   * @param options.after - waits for a change beyond this mark, at most half a minute
   */
  builds(
    options: { after?: string; signal?: AbortSignal } = {},
  ): Promise<BuildList> {
    const { signal, ...input } = options;
    return this.#client.builds(input, { signal });
  }

  /** One build. `after` as in {@link SandboxApiClient.builds} */
  build(
    id: string,
    options: { after?: string; signal?: AbortSignal } = {},
  ): Promise<BuildAnswer> {
    const { signal, ...input } = options;
    return this.#client.build({ id, ...input }, { signal });
  }

  /** The last lines that a build printed; as {@link SandboxApiClient.log} */
  buildLog(
    id: string,
    options: { lines?: number; after?: number; signal?: AbortSignal } = {},
  ): Promise<LogTail> {
    const { signal, ...input } = options;
    return this.#client.buildLog({ id, ...input }, { signal });
  }
}
