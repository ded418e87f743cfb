/** GitHub says that there is a next page; Gitea does too, unless a proxy drops it: a full page is then followed as well. */
export function isLast(
  headers: Headers,
  items: number,
  pageSize: number,
): boolean {
  const link = headers.get('link');
  return link === null ? items < pageSize : !/rel="next"/.test(link);
}

/** @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function retryAfter(headers: Headers, now: Date): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? NaN);
  if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1000;
  const reset = Number(headers.get('x-ratelimit-reset') ?? NaN);
  return Number.isFinite(reset)
    ? Math.max(0, reset * 1000 - now.getTime())
    : undefined;
}

/** @returns undefined where it is longer */
export async function readAtMost(
  response: Response,
  maxBytes: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  if (!reader) return '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
}
