/** What went wrong, in words, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param since - in milliseconds, as of Date.now()
 * @returns seconds since then, to a tenth
 */
export function secondsSince(since: number): number {
  return Math.round((Date.now() - since) / 100) / 10;
}
