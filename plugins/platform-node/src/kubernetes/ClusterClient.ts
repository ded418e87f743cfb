import type { KubeConfig } from '@kubernetes/client-node';
import {
  Agent as HttpAgent,
  IncomingMessage,
  request as http,
} from 'node:http';
import { Agent, request as https, RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ClusterError, isNotFound } from './ClusterError';
import {
  apiVersionOf,
  isKind,
  Kind,
  KubernetesObject,
  ObjectReference,
  objectSchema,
  pathOf,
} from './kinds';
import { openTunnel, PodTunnel } from './PodTunnel';

/** An API server that does not answer within this, in milliseconds, is taken for gone. */
const CALL_MS = 15_000;

const listSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string().default(''),
    continue: z.string().optional(),
  }),
  items: z
    .array(z.record(z.unknown()))
    .nullish()
    .transform(items => items ?? []),
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
interface Request {
  query?: Record<string, string | undefined>;
  body?: object;
  contentType?: string;
  signal?: AbortSignal;
}

/** A connection that was kept open was closed by the API server at the very moment that it was used again. */
class ClosedMeanwhile extends Error {
  readonly name = 'ClosedMeanwhile';
}

/**
 * Asks an API server, in its own JSON: what it answers is not changed on its way, so that it can be compared with what
 * is wanted. Signing in is the kubeconfig's affair.
 *
 * Every method throws a ClusterError for what the API server refuses, and another error where it does not answer.
 */
export class ClusterClient {
  readonly #config: KubeConfig;
  readonly #onWrite: ((method: string, path: string) => void) | undefined;
  #agent: HttpAgent | undefined;

  /** @param options.onWrite - told of each request that may change something */
  constructor(options: {
    config: KubeConfig;
    onWrite?: (method: string, path: string) => void;
  }) {
    this.#config = options.config;
    this.#onWrite = options.onWrite;
  }

  /** @returns undefined where there is none */
  async find({ kind, name, namespace }: ObjectReference) {
    try {
      return objectSchema.parse(
        await this.#json('GET', pathOf(kind, namespace, name)),
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /**
   * All of a kind, page by page; of all namespaces if none is named.
   *
   * @param options.mayLag - where what was so a moment ago does: it is answered at once, whole, from what the API server
   * watches, which otherwise waits up to a tenth of a second for its store to say that nothing newer is there
   * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
   */
  async list(
    kind: Kind,
    options: {
      namespace?: string;
      labelSelector?: string;
      mayLag?: boolean;
      signal?: AbortSignal;
    } = {},
  ): Promise<{ items: KubernetesObject[]; resourceVersion: string }> {
    const { namespace, labelSelector, mayLag, signal } = options;
    const of = mayLag ? { resourceVersion: '0' } : { limit: '500' };
    const items: KubernetesObject[] = [];
    let page: string | undefined;
    let resourceVersion: string;
    do {
      const answer = listSchema.parse(
        await this.#json('GET', pathOf(kind, namespace), {
          query: { labelSelector, ...of, continue: page },
          signal,
        }),
      );
      // Items of a list do not say what they are.
      for (const item of answer.items) {
        items.push(
          objectSchema.parse({ ...item, apiVersion: apiVersionOf(kind), kind }),
        );
      }
      page = answer.metadata.continue || undefined;
      resourceVersion = answer.metadata.resourceVersion;
    } while (page);
    return { items, resourceVersion };
  }

  /** Server-side apply. @param options.manager - who writes, as Kubernetes keeps it for every field */
  async apply(
    object: KubernetesObject,
    options: { manager: string; force?: boolean },
  ): Promise<KubernetesObject> {
    const { name, namespace } = object.metadata;
    return objectSchema.parse(
      await this.#json('PATCH', pathOf(kindOf(object), namespace, name), {
        query: {
          fieldManager: options.manager,
          ...(options.force && { force: 'true' }),
        },
        body: object,
        contentType: 'application/apply-patch+yaml',
      }),
    );
  }

  async create(
    object: KubernetesObject,
    manager: string,
  ): Promise<KubernetesObject> {
    return objectSchema.parse(
      await this.#json(
        'POST',
        pathOf(kindOf(object), object.metadata.namespace),
        {
          query: { fieldManager: manager },
          body: object,
        },
      ),
    );
  }

  /** JSON merge patch (RFC 7396). With a resourceVersion in its metadata, only if that is still the newest. */
  async patch(
    { kind, name, namespace }: ObjectReference,
    body: object,
    options: { manager: string; subresource?: 'status' },
  ): Promise<KubernetesObject> {
    const path = pathOf(kind, namespace, name);
    return objectSchema.parse(
      await this.#json(
        'PATCH',
        options.subresource ? `${path}/${options.subresource}` : path,
        {
          query: { fieldManager: options.manager },
          body,
          contentType: 'application/merge-patch+json',
        },
      ),
    );
  }

  /**
   * @param preconditions - what has to be true of it still
   * @param options.graceSeconds - how long a pod may take to end; what it asks for itself if left out
   * @returns false if there is none
   */
  async delete(
    { kind, name, namespace }: ObjectReference,
    preconditions: { uid?: string; resourceVersion?: string } = {},
    options: { graceSeconds?: number } = {},
  ): Promise<boolean> {
    try {
      await this.#json('DELETE', pathOf(kind, namespace, name), {
        body: {
          kind: 'DeleteOptions',
          apiVersion: 'v1',
          propagationPolicy: 'Background',
          gracePeriodSeconds: options.graceSeconds,
          preconditions,
        },
      });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /** The newest lines that a pod's container logged. */
  log(
    pod: { name: string; namespace: string },
    options: { lines: number; container?: string },
  ): Promise<string> {
    return this.#text('GET', `${pathOf('Pod', pod.namespace, pod.name)}/log`, {
      query: {
        tailLines: String(options.lines),
        timestamps: 'true',
        limitBytes: String(5_000_000),
        container: options.container,
      },
    });
  }

  /**
   * What happens to a kind from a version on, until the API server ends it, which it does every few minutes. Promised
   * once the API server has agreed.
   *
   * @throws ClusterError with code 410 where the version is too old
   */
  async watch(
    kind: Kind,
    options: {
      namespace?: string;
      labelSelector?: string;
      resourceVersion: string;
      signal: AbortSignal;
    },
  ): Promise<AsyncIterable<unknown>> {
    const answer = await this.#open('GET', pathOf(kind, options.namespace), {
      query: {
        watch: 'true',
        allowWatchBookmarks: 'true',
        timeoutSeconds: '240',
        labelSelector: options.labelSelector,
        resourceVersion: options.resourceVersion,
      },
      signal: options.signal,
    });
    return eventsIn(answer);
  }

  /** A port of a pod, as one of this machine, until it is closed. */
  tunnel(
    pod: { namespace: string; name: string },
    port: number,
  ): Promise<PodTunnel> {
    return openTunnel(this.#config, pod, port);
  }

  /** Lets go of connections that are kept open. */
  close(): void {
    this.#agent?.destroy();
  }

  async #json(
    method: Method,
    path: string,
    request: Request = {},
  ): Promise<unknown> {
    return JSON.parse(await this.#text(method, path, request));
  }

  async #text(method: Method, path: string, request: Request): Promise<string> {
    const late = AbortSignal.timeout(CALL_MS);
    const signal = request.signal
      ? AbortSignal.any([request.signal, late])
      : late;
    const answer = await this.#open(method, path, { ...request, signal });
    return textOf(answer);
  }

  async #open(
    method: Method,
    path: string,
    request: Request,
  ): Promise<IncomingMessage> {
    const { query = {}, body, signal } = request;
    const cluster = this.#config.getCurrentCluster();
    if (!cluster) throw new Error('The kubeconfig names no cluster.');
    const url = new URL(`${cluster.server.replace(/\/$/, '')}${path}`);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, value);
    }
    if (method !== 'GET') this.#onWrite?.(method, `${path}${url.search}`);
    const options: RequestOptions = { method, signal };
    await this.#config.applyToHTTPSOptions(options);
    this.#agent ??= keptOpen(url, options);
    options.agent = this.#agent;
    const payload = body && JSON.stringify(body);
    options.headers = {
      ...options.headers,
      Accept: 'application/json',
      ...(payload && {
        'Content-Type': request.contentType ?? 'application/json',
        'Content-Length': Buffer.byteLength(payload),
      }),
    };
    const answer = await send(url, options, payload).catch(error => {
      // What is done twice so has no other effect than once; of making something that is not known.
      if (!(error instanceof ClosedMeanwhile) || method === 'POST') throw error;
      return send(url, options, payload);
    });
    const code = answer.statusCode ?? 500;
    if (code >= 200 && code < 300) return answer;
    throw ClusterError.from(code, await textOf(answer));
  }
}

function send(
  url: URL,
  options: RequestOptions,
  payload: string | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? https : http)(
      url,
      options,
      resolve,
    );
    sent.once('error', error => {
      const closed =
        sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      reject(
        closed ? new ClosedMeanwhile(error.message, { cause: error }) : error,
      );
    });
    sent.end(payload);
  });
}

/** One connection for many requests, with what the kubeconfig says of certificates. */
function keptOpen(url: URL, options: RequestOptions): HttpAgent {
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } =
    options;
  if (url.protocol === 'http:') return new HttpAgent({ keepAlive: true });
  return new Agent({
    keepAlive: true,
    ...{ ca, cert, key, pfx, passphrase, servername },
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  });
}

async function* eventsIn(answer: IncomingMessage): AsyncGenerator<unknown> {
  try {
    for await (const line of createInterface(answer)) {
      if (line.trim()) yield JSON.parse(line);
    }
  } finally {
    answer.destroy();
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function kindOf({ kind }: KubernetesObject): Kind {
  if (isKind(kind)) return kind;
  throw new TypeError(`The platform has nothing to do with a ${kind}`);
}
