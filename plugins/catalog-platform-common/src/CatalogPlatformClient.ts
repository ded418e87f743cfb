import { parseEntityRef } from '@backstage/catalog-model';
import {
  CallOptions,
  callOperation,
  FetchApi,
} from '@highroad/plugin-platform-common';
import { DependencyAnswer, DependencyDirection } from './dependencies';
import { EntityFindings, FindingsAnswer } from './findings';
import { catalogPlatformOperations } from './operations';

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
    request?: CallOptions,
  ): Promise<DependencyAnswer>;
  /** Everything that has findings, by owner. */
  findings(
    options?: FindingsOptions,
    request?: CallOptions,
  ): Promise<FindingsAnswer>;
  /** The findings of one thing. */
  entityFindings(ref: string, request?: CallOptions): Promise<EntityFindings>;
}

const { dependents, findings, entityFindings } = catalogPlatformOperations;

/** Calls the catalog's platform routes, from a browser, a server or a command line. */
export class CatalogPlatformClient implements CatalogPlatformApi {
  readonly #fetchApi: FetchApi;

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async dependents(
    ref: string,
    options: DependentsOptions = {},
    request: CallOptions = {},
  ): Promise<DependencyAnswer> {
    const input = { ...parseEntityRef(ref), ...options };
    return callOperation(this.#fetchApi, dependents, input, request);
  }

  async findings(
    options: FindingsOptions = {},
    request: CallOptions = {},
  ): Promise<FindingsAnswer> {
    const owner = [options.owner ?? []].flat();
    return callOperation(this.#fetchApi, findings, { owner }, request);
  }

  async entityFindings(
    ref: string,
    request: CallOptions = {},
  ): Promise<EntityFindings> {
    const input = parseEntityRef(ref);
    const answer = await callOperation(
      this.#fetchApi,
      entityFindings,
      input,
      request,
    );
    return answer.entity;
  }
}
