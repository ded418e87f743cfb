/** The kinds of manifest that a registry may hold an image as. */
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/**
 * Gives an image in a registry more tags, without building or moving anything.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
 *
 * @param address - of the registry, such as `http://127.0.0.1:5000`
 * @returns false when the registry has no such image any more
 * @throws Error with the registry's answer
 */
export async function addTags(
  address: string,
  repository: string,
  digest: string,
  tags: string[],
): Promise<boolean> {
  const manifests = `${address}/v2/${repository}/manifests`;
  const found = await fetch(`${manifests}/${digest}`, {
    headers: { Accept: MANIFESTS },
    signal: AbortSignal.timeout(15_000),
  });
  const body = await found.text();
  if (found.status === 404) return false;
  if (!found.ok) throw refusal(found, body);
  for (const tag of tags) {
    const put = await fetch(`${manifests}/${tag}`, {
      method: 'PUT',
      headers: { 'Content-Type': found.headers.get('content-type') ?? '' },
      body,
      signal: AbortSignal.timeout(15_000),
    });
    const answer = await put.text();
    if (!put.ok) throw refusal(put, answer);
  }
  return true;
}

function refusal({ url, status }: Response, body: string): Error {
  return new Error(`The registry, ${url}: ${status} ${body.slice(0, 300)}`);
}
