import { z } from 'zod';

const TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const contentSchema = z.object({ digest: z.string() });
const manifestSchema = z.object({
  mediaType: z.string().optional(),
  config: contentSchema,
  layers: z.array(contentSchema),
});

/**
 * Gives an image another name in the same registry.
 *
 * @param registry - address
 * @param from - repository and tag
 * @throws Error for what the registry does not take, and where there is no such image
 */
export async function copyImage(
  registry: string,
  from: { repository: string; tag: string },
  to: { repository: string; tag: string },
): Promise<void> {
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${registry}/v2/${path}`, init);
    if (response.ok) return response;
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const found = await ask(`${from.repository}/manifests/${from.tag}`, {
    headers: { Accept: TYPES.join(', ') },
  });
  const text = await found.text();
  const { config, layers } = manifestSchema.parse(JSON.parse(text));
  for (const { digest } of [config, ...layers]) {
    const mounted = new URLSearchParams({
      mount: digest,
      from: from.repository,
    });
    await ask(`${to.repository}/blobs/uploads/?${mounted}`, { method: 'POST' });
  }
  await ask(`${to.repository}/manifests/${to.tag}`, {
    method: 'PUT',
    headers: { 'Content-Type': found.headers.get('Content-Type') ?? TYPES[0] },
    body: text,
  });
}
