import { askPlugin } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  BuildAnswer,
  buildAnswerSchema,
  BuildList,
  buildListSchema,
  LogTail,
  logTailSchema,
  SandboxAnswer,
  sandboxAnswerSchema,
} from './answers';

/** Asks the portal about its sandbox. Errors are `ResponseError`s of the backend's answer. */
export class SandboxApiClient {
  readonly #fetchApi: { fetch: typeof fetch };

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: { fetch: typeof fetch } }) {
    this.#fetchApi = options.fetchApi;
  }

  /**
   * @param options.after - waits for a change beyond this revision, or beyond "not running" for 0; at most half a
   * minute, after which the answer may be the same
   */
  status(
    options: { after?: number; signal?: AbortSignal } = {},
  ): Promise<SandboxAnswer> {
    return this.#get(
      `/v1/status${query({ after: options.after })}`,
      sandboxAnswerSchema,
      options.signal,
    );
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
    const { lines, after, signal } = options;
    return this.#get(
      `/v1/logs/${encodeURIComponent(server)}${query({ lines, after })}`,
      logTailSchema,
      signal,
    );
  }

  /**
   * The newest builds.
   *
   * @param options.after - waits for a change beyond this mark, at most half a minute
   */
  builds(
    options: { after?: string; signal?: AbortSignal } = {},
  ): Promise<BuildList> {
    const { after, signal } = options;
    return this.#get(`/v1/builds${query({ after })}`, buildListSchema, signal);
  }

  /** One build. `after` as in {@link SandboxApiClient.builds} */
  build(
    id: string,
    options: { after?: string; signal?: AbortSignal } = {},
  ): Promise<BuildAnswer> {
    const { after, signal } = options;
    return this.#get(
      `/v1/builds/${encodeURIComponent(id)}${query({ after })}`,
      buildAnswerSchema,
      signal,
    );
  }

  /** The last lines that a build printed; as {@link SandboxApiClient.log} */
  buildLog(
    id: string,
    options: { lines?: number; after?: number; signal?: AbortSignal } = {},
  ): Promise<LogTail> {
    const { lines, after, signal } = options;
    return this.#get(
      `/v1/builds/${encodeURIComponent(id)}/log${query({ lines, after })}`,
      logTailSchema,
      signal,
    );
  }

  #get<T extends z.ZodTypeAny>(
    address: string,
    schema: T,
    signal?: AbortSignal,
  ): Promise<z.output<T>> {
    const url = `plugin://sandbox${address}`;
    return askPlugin(this.#fetchApi, url, schema, { signal });
  }
}

function query(values: Record<string, number | string | undefined>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const text = new URLSearchParams(given).toString();
  return text && `?${text}`;
}
