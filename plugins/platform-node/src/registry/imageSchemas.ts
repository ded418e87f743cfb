import { z } from 'zod';

// https://github.com/opencontainers/image-spec/blob/main/manifest.md, image-index.md, config.md
export const IMAGE_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const digest = z.string().regex(/^sha256:[a-f0-9]{64}$/);
const texts = z.record(z.string()).nullish();

const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
});

/** A manifest of one image. */
export const imageManifestSchema = z.object({
  mediaType: z.string().optional(),
  config: z.object({ digest, mediaType: z.string() }),
  annotations: texts,
});
export type ImageManifest = z.output<typeof imageManifestSchema>;

/** A list of images, one for each kind of machine. */
export const imageIndexSchema = z.object({
  mediaType: z.string().optional(),
  manifests: z
    .array(
      z.object({
        digest,
        mediaType: z.string().optional(),
        platform: platformSchema.optional(),
      }),
    )
    .max(500),
  annotations: texts,
});
export type ImageIndex = z.output<typeof imageIndexSchema>;

/** What an image says of itself. Not all registries' contents fill it in. */
export const imageConfigSchema = z.object({
  os: z.string().optional(),
  architecture: z.string().optional(),
  variant: z.string().optional(),
  created: z.string().optional(),
  config: z.object({ Labels: texts }).nullish(),
});
export type ImageConfig = z.output<typeof imageConfigSchema>;

/** `linux/arm64/v8` */
export function platformName(
  platform: z.output<typeof platformSchema>,
): string {
  const { os, architecture, variant } = platform;
  return [os, architecture, variant].filter(Boolean).join('/');
}
