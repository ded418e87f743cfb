import { stringifyError } from '@backstage/errors';
import { Target } from '../Target';
import {
  ManifestProblem,
  ManifestReader,
  ReadManifests,
  ServiceOfManifests,
} from './ManifestReader';

/** What lacked, or could not be read, is looked for again after this, in milliseconds. */
const AGAIN_MS = 30_000;

/** How far the manifests of one service are. */
export type ManifestWork =
  | { state: 'reading' }
  | { state: 'read'; read: ReadManifests }
  | {
      state: 'failed';
      message: string;
      /** Whether a person has to change something */
      problem: boolean;
    };

type Entry = ManifestWork & { of: string; ended: AbortController; at: number };

/**
 * Has the manifests of services read beside the queue, since a Git host may be slow, and remembers them. They stay those of
 * one commit until the environment's manifest changes, whatever is pushed meanwhile.
 */
export class ServiceManifests {
  readonly #reader: ManifestReader;
  readonly #now: () => number;
  readonly #listeners = new Set<(target: Target) => void>();
  readonly #entries = new Map<string, Entry>();
  readonly #reading = new Set<Promise<void>>();

  constructor(options: { reader: ManifestReader; now: () => number }) {
    this.#reader = options.reader;
    this.#now = options.now;
  }

  /** @param listener - told when an environment's manifests have been read, or cannot be */
  onNews(listener: (target: Target) => void): void {
    this.#listeners.add(listener);
  }

  /** Begins to read them where that has not been, or is to be tried again. Returns at once. */
  on(target: Target, service: ServiceOfManifests): ManifestWork {
    const { resource, owner } = target;
    const key = `${resource.uid}/${service.name}`;
    const of = JSON.stringify([resource.generation, owner]);
    const there = this.#entries.get(key);
    const again =
      there?.state === 'failed' && this.#now() - there.at >= AGAIN_MS;
    if (there?.of === of && !again) return there;
    there?.ended.abort();
    const entry: Entry = {
      ...{ state: 'reading', of },
      ended: new AbortController(),
      at: this.#now(),
    };
    this.#entries.set(key, entry);
    const reading = this.#read(target, service, key, entry).finally(() =>
      this.#reading.delete(reading),
    );
    this.#reading.add(reading);
    // What failed before is told until it is known better.
    return there?.of === of && there.state === 'failed' ? there : entry;
  }

  /** @param uid - of an environment that is gone */
  forget(uid: string): void {
    for (const [key, { ended }] of this.#entries) {
      if (!key.startsWith(`${uid}/`)) continue;
      ended.abort();
      this.#entries.delete(key);
    }
  }

  /** Breaks off what goes on, and forgets all of it: whoever works next reads anew. */
  async stop(): Promise<void> {
    for (const { ended } of this.#entries.values()) ended.abort();
    this.#entries.clear();
    await Promise.all(this.#reading);
  }

  async #read(
    target: Target,
    service: ServiceOfManifests,
    key: string,
    { of, ended }: Entry,
  ): Promise<void> {
    const work = await this.#tried(target, service, ended.signal);
    if (ended.signal.aborted) return;
    this.#entries.set(key, { ...work, of, ended, at: this.#now() });
    for (const listener of this.#listeners) listener(target);
  }

  async #tried(
    target: Target,
    service: ServiceOfManifests,
    signal: AbortSignal,
  ): Promise<ManifestWork> {
    const commit = commitBefore(target, service.name);
    try {
      const read = await this.#reader.read(target, service, {
        ...{ signal, ...(commit && { commit }) },
      });
      return { state: 'read', read };
    } catch (error) {
      const problem = error instanceof ManifestProblem;
      const message = problem ? error.message : stringifyError(error);
      return { state: 'failed', message, problem };
    }
  }
}

/** The commit that a service's manifests were read at for this very state of the environment's manifest. */
export function commitBefore(
  { resource }: Pick<Target, 'resource'>,
  service: string,
): string | undefined {
  const { status, generation } = resource;
  if (status.observedGeneration !== generation) return undefined;
  return status.services.find(({ name }) => name === service)?.commit;
}
