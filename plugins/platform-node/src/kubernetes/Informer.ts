import { z } from 'zod';
import { waitFor } from '../loops/waitFor';
import { ClusterClient } from './ClusterClient';
import { ClusterError, isExpired } from './ClusterError';
import { Kind, KubernetesObject, objectSchema } from './kinds';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 20_000;
/** The API server ends a watch after four minutes; one that says nothing for longer is broken somewhere between. */
const LONGEST_WATCH_MS = 270_000;

const eventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z
    .object({
      code: z.number().optional(),
      message: z.string().optional(),
      metadata: z
        .object({
          name: z.string().optional(),
          namespace: z.string().optional(),
          resourceVersion: z.string().optional(),
        })
        .passthrough()
        .optional(),
    })
    .passthrough(),
});

const versionSchema = z.object({
  resourceVersion: z.string().regex(/^\d+$/).transform(BigInt),
});

export type Change = { type: 'applied' | 'gone'; object: KubernetesObject };

/**
 * All objects of a kind, kept up to date by a watch. A watch that breaks off goes on where it ended; only what is too
 * long ago is listed again, and then what has gone meanwhile is told too.
 */
export class Informer {
  readonly #client: ClusterClient;
  readonly #kind: Kind;
  readonly #scope: { namespace?: string; labelSelector?: string };
  readonly #onTrouble: (error: unknown, isNew: boolean) => void;
  readonly #jitter: () => number;
  readonly #reduce: (object: KubernetesObject) => KubernetesObject;
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #listeners = new Set<(change: Change) => void>();
  #version: string | undefined;
  #trouble: unknown;
  #ended = new AbortController();
  #running: Promise<void> | undefined;

  /**
   * @param options.jitter - from 0 to 1, at random
   * @param options.reduce - what is kept of each object; all of it if left out
   * @param options.onTrouble - told when the API server cannot be watched, and whether it could be until then; it is tried
   *   again
   */
  constructor(options: {
    client: ClusterClient;
    kind: Kind;
    namespace?: string;
    labelSelector?: string;
    reduce?: (object: KubernetesObject) => KubernetesObject;
    onTrouble: (error: unknown, isNew: boolean) => void;
    jitter: () => number;
  }) {
    const { namespace, labelSelector, reduce = object => object } = options;
    this.#client = options.client;
    this.#kind = options.kind;
    this.#scope = { namespace, labelSelector };
    this.#onTrouble = options.onTrouble;
    this.#jitter = options.jitter;
    this.#reduce = reduce;
  }

  /** Whether all that is there was seen once. */
  get synced(): boolean {
    return this.#version !== undefined;
  }

  /** Why it cannot be watched at the moment, so that what is known may be old. */
  get trouble(): unknown {
    return this.#trouble;
  }

  get(name: string, namespace?: string): KubernetesObject | undefined {
    return this.#objects.get(keyOf(name, namespace));
  }

  list(): KubernetesObject[] {
    return [...this.#objects.values()];
  }

  /**
   * Takes over what somebody here has just written, so that they read it too before the watch has shown it. What is
   * older than what is known is left aside.
   */
  note(object: KubernetesObject): void {
    const known = this.get(object.metadata.name, object.metadata.namespace);
    if (known && versionOf(known) >= versionOf(object)) return;
    this.#keep(object);
  }

  /** @returns ends it */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to watch, and goes on until it is stopped. */
  start(): void {
    this.#ended = new AbortController();
    this.#running = this.#run(this.#ended.signal);
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#relist(signal);
        const late = AbortSignal.timeout(LONGEST_WATCH_MS);
        const events = await this.#open(AbortSignal.any([signal, late]));
        pause = FIRST_PAUSE_MS;
        this.#trouble = undefined;
        await this.#follow(events).catch(error => {
          if (!late.aborted) throw error;
        });
      } catch (error) {
        if (signal.aborted) return;
        if (isExpired(error)) {
          this.#version = undefined;
          continue;
        }
        const isNew = this.#trouble === undefined;
        this.#trouble = error;
        this.#onTrouble(error, isNew);
        await waitFor(pause * (0.5 + this.#jitter() / 2), signal);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  async #relist(signal: AbortSignal): Promise<void> {
    const { items, resourceVersion } = await this.#client.list(this.#kind, {
      ...this.#scope,
      signal,
    });
    const seen = new Set<string>();
    for (const item of items) {
      seen.add(keyOf(item.metadata.name, item.metadata.namespace));
      this.#keep(item);
    }
    for (const [key, object] of this.#objects) {
      if (!seen.has(key)) this.#drop(key, object);
    }
    this.#version = resourceVersion;
  }

  #open(signal: AbortSignal): Promise<AsyncIterable<unknown>> {
    return this.#client.watch(this.#kind, {
      ...this.#scope,
      resourceVersion: this.#version ?? '',
      signal,
    });
  }

  async #follow(events: AsyncIterable<unknown>): Promise<void> {
    for await (const raw of events) {
      const { type, object } = eventSchema.parse(raw);
      if (type === 'ERROR') {
        throw new ClusterError(
          object.code ?? 500,
          object.message ?? 'the watch failed',
        );
      }
      const { name, namespace, resourceVersion } = object.metadata ?? {};
      if (type !== 'BOOKMARK' && name) {
        const whole = { ...object, metadata: { ...object.metadata, name } };
        // What a watch shows says what it is.
        const read = objectSchema.parse(whole);
        if (type === 'DELETED') this.#drop(keyOf(name, namespace), read);
        else this.#keep(read);
      }
      if (resourceVersion) this.#version = resourceVersion;
    }
  }

  #keep(whole: KubernetesObject): void {
    const object = this.#reduce(whole);
    const { name, namespace } = object.metadata;
    this.#objects.set(keyOf(name, namespace), object);
    this.#tell({ type: 'applied', object });
  }

  #drop(key: string, object: KubernetesObject): void {
    this.#objects.delete(key);
    this.#tell({ type: 'gone', object });
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Versions grow, within a kind: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions */
export function versionOf({ metadata }: KubernetesObject): bigint {
  return versionSchema.parse(metadata).resourceVersion;
}

function keyOf(name: string, namespace = ''): string {
  return `${namespace}/${name}`;
}
