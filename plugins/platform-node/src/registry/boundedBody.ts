/**
 * Reads an answer's body, but no more than is sensible.
 *
 * @returns undefined where it is longer
 */
export async function readAtMost(
  response: Response,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  if (!reader) return Buffer.alloc(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
}

/** @returns undefined where it is no JSON, or longer */
export async function readJson(
  response: Response,
  maxBytes: number,
): Promise<unknown> {
  const body = await readAtMost(response, maxBytes);
  try {
    return JSON.parse(body?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}
