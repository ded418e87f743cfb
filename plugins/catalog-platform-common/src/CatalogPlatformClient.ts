import { parseEntityRef } from '@backstage/catalog-model';
import { askPlugin } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  DependencyAnswer,
  dependencyAnswerSchema,
  DependencyDirection,
} from './dependencies';
import {
  EntityFindings,
  entityFindingsAnswerSchema,
  FindingsAnswer,
  findingsAnswerSchema,
} from './findings';
import { fillRoute, routes } from './routes';

export interface DependentsOptions {
  /** Steps to follow, 1 to 10; 4 if not given. */
  depth?: number;
  /** Only things of these lifecycles; `none` stands for things that have none. */
  lifecycle?: string[];
  direction?: DependencyDirection;
}

export interface FindingsOptions {
  /** References of owners; everything if none is given. */
  owner?: string | string[];
}

export interface RequestOptions {
  signal?: AbortSignal;
}

/** What the catalog knows beyond its files. */
export interface CatalogPlatformApi {
  /**
   * Answers "what breaks if this breaks?", or the other direction.
   *
   * @throws NotFoundError in a ResponseError if there is no such thing, or it is not visible
   */
  dependents(
    ref: string,
    options?: DependentsOptions,
    request?: RequestOptions,
  ): Promise<DependencyAnswer>;
  /** Everything that has findings, by owner. */
  findings(
    options?: FindingsOptions,
    request?: RequestOptions,
  ): Promise<FindingsAnswer>;
  /** The findings of one thing. */
  entityFindings(
    ref: string,
    request?: RequestOptions,
  ): Promise<EntityFindings>;
}

/** Calls the catalog's platform routes, from a browser, a server or a command line. */
export class CatalogPlatformClient implements CatalogPlatformApi {
  readonly #discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  readonly #fetchApi: { fetch: typeof fetch };

  constructor(options: {
    discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
    fetchApi: { fetch: typeof fetch };
  }) {
    this.#discoveryApi = options.discoveryApi;
    this.#fetchApi = options.fetchApi;
  }

  async dependents(
    ref: string,
    options: DependentsOptions = {},
    request: RequestOptions = {},
  ): Promise<DependencyAnswer> {
    const query = new URLSearchParams();
    if (options.direction) {
      query.set('direction', options.direction);
    }
    if (options.depth !== undefined) {
      query.set('depth', String(options.depth));
    }
    options.lifecycle?.forEach(value => query.append('lifecycle', value));
    return this.#get(
      fillRoute(routes.dependents, parseEntityRef(ref)),
      query,
      dependencyAnswerSchema,
      request,
    );
  }

  async findings(
    options: FindingsOptions = {},
    request: RequestOptions = {},
  ): Promise<FindingsAnswer> {
    const query = new URLSearchParams();
    [options.owner ?? []].flat().forEach(value => query.append('owner', value));
    return this.#get(routes.findings, query, findingsAnswerSchema, request);
  }

  async entityFindings(
    ref: string,
    request: RequestOptions = {},
  ): Promise<EntityFindings> {
    const answer = await this.#get(
      fillRoute(routes.entityFindings, parseEntityRef(ref)),
      new URLSearchParams(),
      entityFindingsAnswerSchema,
      request,
    );
    return answer.entity;
  }

  async #get<T extends z.ZodTypeAny>(
    path: string,
    query: URLSearchParams,
    schema: T,
    request: RequestOptions,
  ): Promise<z.output<T>> {
    const base = await this.#discoveryApi.getBaseUrl('catalog');
    const search = query.toString();
    return askPlugin(
      this.#fetchApi,
      `${base}${path}${search ? `?${search}` : ''}`,
      schema,
      { signal: request.signal },
    );
  }
}
