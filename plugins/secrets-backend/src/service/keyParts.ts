/** As much as a record holds of a list; what is more is counted, not named. */
const MOST_ITEMS = 200;
/** Of JSON, in UTF-8. A record holds 16 kB, and says more than the keys. */
const MOST_BYTES = 14_000;

/**
 * Keys in as many parts as it takes for a record of each to name all of them.
 *
 * @param written - what a record says of a key besides, where that is longer than its name
 * @returns one part where they are few, which is empty where there are none
 */
export function keyParts(
  keys: string[],
  written: (key: string) => string[] = key => [key],
): string[][] {
  const parts: string[][] = [[]];
  let [items, bytes] = [0, 0];
  for (const key of keys) {
    const texts = written(key);
    const length = texts.reduce(
      (sum, text) => sum + Buffer.byteLength(JSON.stringify(text)) + 1,
      0,
    );
    const last = parts[parts.length - 1];
    const isFull =
      items + texts.length > MOST_ITEMS || bytes + length > MOST_BYTES;
    if (isFull && last.length > 0) {
      parts.push([key]);
      [items, bytes] = [0, 0];
    } else {
      last.push(key);
    }
    items += texts.length;
    bytes += length;
  }
  return parts;
}
