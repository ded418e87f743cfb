import { askPlugin } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  GitHostList,
  gitHostListSchema,
  NameCheck,
  nameCheckSchema,
  Preview,
  PreviewRequest,
  previewSchema,
} from './schemas';

/** Asks the portal about a service before it is created. Errors are `ResponseError`s of the backend's answer. */
export class CreateClient {
  readonly #fetchApi: { fetch: typeof fetch };

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: { fetch: typeof fetch } }) {
    this.#fetchApi = options.fetchApi;
  }

  /** Where repositories can be created. */
  gitHosts(): Promise<GitHostList> {
    return this.#ask('/git-hosts', gitHostListSchema);
  }

  /** Checks a name against its form, the catalog and the Git host. An empty host means the default one. */
  checkName(
    name: string,
    where: { gitHost?: string; gitOwner?: string; owner?: string } = {},
  ): Promise<NameCheck> {
    const query = new URLSearchParams(
      Object.entries({ name, ...where }).filter(
        (entry): entry is [string, string] => Boolean(entry[1]),
      ),
    );
    return this.#ask(`/name-check?${query}`, nameCheckSchema);
  }

  /** Runs a template without effects. */
  preview(request: PreviewRequest): Promise<Preview> {
    return this.#ask('/preview', previewSchema, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
  }

  #ask<T extends z.ZodTypeAny>(
    path: string,
    schema: T,
    init?: RequestInit,
  ): Promise<z.output<T>> {
    const url = `plugin://scaffolder/platform/v1${path}`;
    return askPlugin(this.#fetchApi, url, schema, init);
  }
}
