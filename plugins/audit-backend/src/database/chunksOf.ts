/** SQLite takes fewer rows in a statement, and both databases fewer values, than a whole batch has. */
export const CHUNK = 200;

/** Rows in pieces of which each fits into a statement. */
export function chunksOf<T>(rows: T[]): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < rows.length; at += CHUNK) {
    chunks.push(rows.slice(at, at + CHUNK));
  }
  return chunks;
}
