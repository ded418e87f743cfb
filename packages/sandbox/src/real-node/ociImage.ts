import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { run } from '../machine/run';

/** A piece of an image, named by its content. */
export interface Blob {
  mediaType: string;
  digest: string;
  content: Buffer;
}

/** An image for x64 with one layer, in the format of the Open Container Initiative. */
export interface Image {
  manifest: Blob;
  /** Its configuration and its layer */
  parts: Blob[];
}

/**
 * Makes an image of a folder. The same folder gives the same digests.
 *
 * @param root - becomes the root of the container's files
 * @param archive - where its archive may be put meanwhile; it is left there
 * @param config - what is started, and as which user
 */
export async function imageOf(
  root: string,
  archive: string,
  config: { Entrypoint: string[]; User?: string },
): Promise<Image> {
  const layer = blob('layer.v1.tar', await archived(root, archive));
  const configuration = blob(
    'config.v1+json',
    json({
      architecture: 'amd64',
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  const manifest = blob(
    'manifest.v1+json',
    json({
      schemaVersion: 2,
      mediaType: mediaType('manifest.v1+json'),
      config: descriptor(configuration),
      layers: [descriptor(layer)],
    }),
  );
  return { manifest, parts: [configuration, layer] };
}

/** How one part of an image names another. */
export function descriptor(part: Blob) {
  return {
    mediaType: part.mediaType,
    digest: part.digest,
    size: part.content.length,
  };
}

/** Packs a folder the same way each time. */
export async function archived(folder: string, file: string): Promise<Buffer> {
  await run('tar', [
    ...['--create', `--file=${file}`, `--directory=${folder}`, '--sort=name'],
    ...['--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '.'],
  ]);
  return readFile(file);
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function blob(type: string, content: Buffer): Blob {
  const digest = createHash('sha256').update(content).digest('hex');
  return { mediaType: mediaType(type), digest: `sha256:${digest}`, content };
}

function mediaType(name: string): string {
  return `application/vnd.oci.image.${name}`;
}
