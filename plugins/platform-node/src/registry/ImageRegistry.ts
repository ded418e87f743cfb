import { InputError } from '@backstage/errors';
import { nearestNames } from '@highroad/plugin-platform-common';
import { withinDeadline } from './deadline';
import {
  formatImageReference,
  imageName,
  ImageReference,
  parseImageReference,
} from './ImageReference';
import { ImageReader, ResolvedImage } from './ImageReader';
import { ImageNotFoundError } from './registryErrors';
import { RegistryConnection } from './RegistryConnection';
import { RegistrySettings } from './RegistrySettings';
import { listAllTags, likelyNewestFirst } from './tags';

const TIMEOUT_MS = 3_000;
/** A refusal does not wait longer than this for the names that may have been meant. */
const NEAR_TAGS_MS = 200;
const MOST_LISTED = 100;
/** How many tags are looked up at a time: enough to be quick, too few to be in anybody's way. */
const AT_A_TIME = 6;

/** A tag, with what is known of the image behind it. */
export interface ImageTag {
  tag: string;
  digest?: string;
  /** ISO 8601 */
  createdAt?: string;
  /** The commit that it was built from */
  revision?: string;
}

/** Reads what registries hold. Never writes. */
export class ImageRegistry {
  readonly #settings: RegistrySettings;
  readonly #connection: RegistryConnection;
  readonly #reader: ImageReader;
  readonly #timeoutMs: number;

  constructor(options: {
    settings: RegistrySettings;
    fetch?: typeof fetch;
    now?: () => number;
    /** Longest time that one question may take in all, in milliseconds; 3,000 by default */
    timeoutMs?: number;
  }) {
    this.#settings = options.settings;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#connection = new RegistryConnection({
      fetch: options.fetch ?? fetch,
      now: options.now ?? Date.now,
    });
    this.#reader = new ImageReader(this.#connection);
  }

  /**
   * What an image is now. A tag may mean something else a moment later; the digest does not.
   *
   * @param reference - with a tag or a digest, such as `ghcr.io/acme/cart:1.2.3`
   * @throws InputError when it is no reference or names no version; one of `RegistryError` otherwise
   */
  async resolve(
    reference: string,
    options: { signal?: AbortSignal } = {},
  ): Promise<ResolvedImage> {
    const image = parseImageReference(reference);
    const version = image.digest ?? image.tag;
    if (version === undefined) {
      throw new InputError(
        `"${reference}" names no version. Add one, such as ${reference}:1.2.3.`,
      );
    }
    return this.#within(image, options.signal, async signal => {
      const access = this.#settings.access(image.registry);
      const found = await this.#reader.read(access, image, version, signal);
      if (found) return found;
      throw await this.#notFound(image, signal);
    });
  }

  /**
   * The tags of an image, newest first as far as that is known. A registry lists names only, in no order of time, so
   * of a long list those are looked up that look newest; what cannot be looked up in time comes last, without its time.
   *
   * @param repository - without tag, such as `ghcr.io/acme/cart`
   * @param options.limit - how many at most, up to 100; 20 by default
   * @returns the tags, and whether there are more
   * @throws InputError, or one of `RegistryError`
   */
  async listTags(
    repository: string,
    options: { limit?: number; signal?: AbortSignal } = {},
  ): Promise<{ items: ImageTag[]; more: boolean }> {
    const image = parseImageReference(repository);
    const limit = Math.min(Math.max(1, options.limit ?? 20), MOST_LISTED);
    const access = this.#settings.access(image.registry);
    const { registry } = image;
    const { tags, complete } = await this.#within(
      image,
      options.signal,
      async signal => {
        const found = await listAllTags(this.#connection, {
          access,
          repository: image.repository,
          signal,
        });
        if (found) return found;
        throw new ImageNotFoundError(
          `The registry ${registry} has no image ${imageName(image)}.`,
          [],
        );
      },
    );
    const chosen = likelyNewestFirst(tags).slice(0, limit);
    const items = await this.#lookUp(image, chosen, options.signal);
    return { items, more: !complete || tags.length > chosen.length };
  }

  async #lookUp(
    image: ImageReference,
    tags: string[],
    signal: AbortSignal | undefined,
  ): Promise<ImageTag[]> {
    const access = this.#settings.access(image.registry);
    const items: ImageTag[] = tags.map(tag => ({ tag }));
    const waiting = items.map((_, at) => at);
    const late = AbortSignal.timeout(this.#timeoutMs);
    const either = signal ? AbortSignal.any([signal, late]) : late;
    const next = async (): Promise<void> => {
      for (;;) {
        const at = waiting.shift();
        if (at === undefined || either.aborted) return;
        // A tag that cannot be looked up is still one that can be deployed.
        const found = await this.#reader
          .read(access, image, tags[at], either)
          .catch(() => undefined);
        if (!found) continue;
        const { digest, createdAt, revision } = found;
        items[at] = { tag: tags[at], digest, createdAt, revision };
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, next));
    signal?.throwIfAborted();
    return items
      .map((item, at) => ({ item, at, time: Date.parse(item.createdAt ?? '') }))
      .sort((a, b) => (b.time || 0) - (a.time || 0) || a.at - b.at)
      .map(({ item }) => item);
  }

  async #notFound(
    image: ImageReference,
    signal: AbortSignal,
  ): Promise<ImageNotFoundError> {
    const name = imageName(image);
    const brief = AbortSignal.any([signal, AbortSignal.timeout(NEAR_TAGS_MS)]);
    const listed = await listAllTags(this.#connection, {
      access: this.#settings.access(image.registry),
      repository: image.repository,
      signal: brief,
      mostPages: 1,
    }).catch(() => 'unknown' as const);
    const asked = formatImageReference(image);
    if (listed === undefined) {
      return new ImageNotFoundError(
        `There is no image ${asked}: ${image.registry} has none called ${image.repository}. Check the name, and that a build has pushed it.`,
        [],
      );
    }
    const near =
      listed === 'unknown' || image.tag === undefined
        ? []
        : nearestNames(image.tag, listed.tags);
    const hint =
      near.length > 0
        ? `Near it are: ${near.join(', ')}.`
        : 'Check the version, and that its build has pushed the image.';
    return new ImageNotFoundError(
      `There is no image ${asked} in its registry${
        image.tag && !image.digest ? `: ${name} has no tag "${image.tag}"` : ''
      }. ${hint}`,
      near,
    );
  }

  #within<T>(
    image: ImageReference,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return withinDeadline(
      {
        registry: image.registry,
        asked: formatImageReference(image),
        timeoutMs: this.#timeoutMs,
        signal,
      },
      work,
    );
  }
}
