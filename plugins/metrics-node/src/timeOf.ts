/** @param seconds - since 1970, as Git writes it */
export function timeOf(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
