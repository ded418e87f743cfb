import { createHash } from 'node:crypto';

const OCI = 'application/vnd.oci.image';

/** Content under its digest. */
export interface Pushed {
  digest: string;
  size: number;
}

/**
 * Pushes an image without layers, as much as a registry cares for.
 *
 * @param address - of the registry
 * @param references - tags; the digest is always one
 */
export async function pushImage(
  address: string,
  repository: string,
  options: {
    references?: string[];
    labels?: Record<string, string>;
    created?: string;
    architecture?: string;
  },
): Promise<Pushed> {
  const config = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: options.architecture ?? 'amd64',
      created: options.created,
      config: { Labels: options.labels },
      rootfs: { type: 'layers', diff_ids: [] },
    }),
  );
  const blob = await pushBlob(address, repository, config);
  return pushManifest(address, repository, options.references ?? [], {
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: { mediaType: `${OCI}.config.v1+json`, ...blob },
    layers: [],
  });
}

export async function pushIndex(
  address: string,
  repository: string,
  tag: string,
  manifests: Array<
    Pushed & {
      platform: { os: string; architecture: string; variant?: string };
    }
  >,
): Promise<Pushed> {
  return pushManifest(address, repository, [tag], {
    schemaVersion: 2,
    mediaType: `${OCI}.index.v1+json`,
    manifests: manifests.map(manifest => ({
      mediaType: `${OCI}.manifest.v1+json`,
      ...manifest,
    })),
  });
}

async function pushManifest(
  address: string,
  repository: string,
  references: string[],
  manifest: { mediaType: string; [key: string]: unknown },
): Promise<Pushed> {
  const body = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(body);
  for (const reference of [digest, ...references]) {
    const answer = await fetch(
      `${address}/v2/${repository}/manifests/${reference}`,
      {
        method: 'PUT',
        headers: { 'Content-Type': manifest.mediaType },
        body,
      },
    );
    if (!answer.ok) throw new Error(await answer.text());
  }
  return { digest, size: body.length };
}

async function pushBlob(
  address: string,
  repository: string,
  content: Buffer,
): Promise<Pushed> {
  const digest = digestOf(content);
  const begun = await fetch(`${address}/v2/${repository}/blobs/uploads/`, {
    method: 'POST',
  });
  const place = new URL(begun.headers.get('location') ?? '', address);
  place.searchParams.set('digest', digest);
  const answer = await fetch(place, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: content,
  });
  if (!answer.ok) throw new Error(await answer.text());
  return { digest, size: content.length };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
