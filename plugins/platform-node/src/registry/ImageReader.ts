import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readAtMost } from './boundedBody';
import { corrupt, parseAs, parseJson, unusable } from './imageAnswers';
import { ImageReference } from './ImageReference';
import {
  ImageConfig,
  imageConfigSchema,
  ImageIndex,
  imageIndexSchema,
  ImageManifest,
  imageManifestSchema,
  IMAGE_TYPES,
  INDEX_TYPES,
  platformName,
} from './imageSchemas';
import { RegistryAccess } from './RegistrySettings';
import { RegistryConnection } from './RegistryConnection';

/** The distribution specification asks registries to take manifests of this size at least. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_KEPT = 2_000;

/** An image as it is in its registry. */
export interface ResolvedImage {
  /** Without tag and digest */
  registry: string;
  repository: string;
  /** `sha256:…` of what the name leads to: of the index, where there is one */
  digest: string;
  mediaType: string;
  /** The kinds of machine that it runs on, such as `linux/amd64` */
  platforms: string[];
  labels: Record<string, string>;
  /** ISO 8601; many builds set a fixed one on purpose */
  createdAt?: string;
  /** The commit that it was built from */
  revision?: string;
}

type Details = Omit<ResolvedImage, 'registry' | 'repository'>;
type Place = {
  access: RegistryAccess;
  image: ImageReference;
  signal: AbortSignal;
};

/** Reads an image's manifest, and what it says of itself. */
export class ImageReader {
  readonly #connection: RegistryConnection;
  /** By digest, which is the content's: what is known of one stays true. */
  readonly #known = new Map<string, Details>();

  constructor(connection: RegistryConnection) {
    this.#connection = connection;
  }

  /**
   * @param version - tag or digest
   * @returns undefined where there is none
   */
  async read(
    access: RegistryAccess,
    image: ImageReference,
    version: string,
    signal: AbortSignal,
  ): Promise<ResolvedImage | undefined> {
    const { registry, repository } = image;
    const place = { access, image, signal };
    const manifest = await this.#manifest(place, version);
    if (!manifest) return undefined;
    const key = `${registry}/${repository}@${manifest.digest}`;
    const details =
      this.#known.get(key) ?? (await this.#details(place, manifest));
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    this.#known.set(key, details);
    return { registry, repository, ...details };
  }

  async #details(place: Place, manifest: Manifest): Promise<Details> {
    const { digest, mediaType } = manifest;
    if (manifest.kind === 'image') {
      const config = await this.#config(place, manifest.content);
      return {
        digest,
        mediaType,
        platforms: platformsOf(config),
        ...saidOf(config, manifest.content.annotations),
      };
    }
    const runnable = manifest.content.manifests.filter(
      // Signatures and build records are kept beside the images, for a platform that is none.
      ({ platform }) => platform?.os !== 'unknown',
    );
    const typical =
      runnable.find(
        ({ platform }) =>
          platform?.os === 'linux' && platform.architecture === 'amd64',
      ) ?? runnable[0];
    if (!typical) throw unusable(place.image, 'its index lists no image');
    const child = await this.#manifest(place, typical.digest);
    if (child?.kind !== 'image')
      throw unusable(
        place.image,
        `its index lists ${typical.digest}, which is no image there`,
      );
    const config = await this.#config(place, child.content);
    return {
      digest,
      mediaType,
      platforms: runnable.flatMap(({ platform }) =>
        platform ? [platformName(platform)] : [],
      ),
      ...saidOf(config, {
        ...child.content.annotations,
        ...manifest.content.annotations,
      }),
    };
  }

  async #manifest(
    place: Place,
    version: string,
  ): Promise<Manifest | undefined> {
    const { access, image, signal } = place;
    const response = await this.#connection.ask({
      access,
      repository: image.repository,
      path: `manifests/${version}`,
      accept: [...IMAGE_TYPES, ...INDEX_TYPES].join(', '),
      signal,
    });
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    const body = await this.#body(place, response);
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    if (version.startsWith('sha256:') && version !== digest)
      throw corrupt(image, `it sent other content for ${version}`);
    const json = parseJson(image, body);
    const named = z
      .object({ mediaType: z.string().optional() })
      .safeParse(json);
    const mediaType =
      (named.success && named.data.mediaType) ||
      (response.headers.get('content-type') ?? '').split(';')[0].trim();
    if (INDEX_TYPES.includes(mediaType)) {
      const content = parseAs(image, imageIndexSchema, json);
      return { kind: 'index', digest, mediaType, content };
    }
    if (IMAGE_TYPES.includes(mediaType)) {
      const content = parseAs(image, imageManifestSchema, json);
      return { kind: 'image', digest, mediaType, content };
    }
    throw unusable(
      image,
      `it is of the type "${mediaType.slice(
        0,
        100,
      )}", which no container engine runs`,
    );
  }

  async #config(place: Place, manifest: ImageManifest): Promise<ImageConfig> {
    const { access, image, signal } = place;
    const { digest } = manifest.config;
    const response = await this.#connection.ask({
      access,
      repository: image.repository,
      path: `blobs/${digest}`,
      signal,
    });
    if (response.status === 404) {
      await response.body?.cancel();
      throw unusable(image, 'its configuration is missing in the registry');
    }
    const body = await this.#body(place, response);
    if (createHash('sha256').update(body).digest('hex') !== digest.slice(7))
      throw corrupt(
        image,
        'its configuration has another digest than its manifest says',
      );
    return parseAs(image, imageConfigSchema, parseJson(image, body));
  }

  async #body({ image }: Place, response: Response): Promise<Buffer> {
    const body = await readAtMost(response, MOST_BYTES);
    if (body) return body;
    throw unusable(
      image,
      `what describes it is larger than ${MOST_BYTES} bytes`,
    );
  }
}

type Manifest = { digest: string; mediaType: string } & (
  | { kind: 'image'; content: ImageManifest }
  | { kind: 'index'; content: ImageIndex }
);

function saidOf(
  { created, config }: ImageConfig,
  annotations: Record<string, string> | null | undefined,
): Pick<Details, 'labels' | 'createdAt' | 'revision'> {
  const said = { ...annotations, ...config?.Labels };
  const createdAt = created ?? said['org.opencontainers.image.created'];
  const revision = said['org.opencontainers.image.revision'];
  return {
    labels: config?.Labels ?? {},
    ...(createdAt && !Number.isNaN(Date.parse(createdAt)) && { createdAt }),
    ...(revision && { revision }),
  };
}

function platformsOf({ os, architecture, variant }: ImageConfig): string[] {
  return os && architecture
    ? [platformName({ os, architecture, variant })]
    : [];
}
