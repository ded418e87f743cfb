/**
 * A place of the chain, as a number. PostgreSQL gives large ones as text, and holds some that no number tells apart: only
 * somebody else can have put a record there, and it is taken to be at the last place that there can be.
 */
export function placeIn(stored: number | string): number {
  const place = Number(stored);
  return Math.max(
    Number.MIN_SAFE_INTEGER,
    Math.min(Number.MAX_SAFE_INTEGER, place),
  );
}
