import { keysNamed } from '../__testUtils__/keysNamed';
import { keyParts } from './keyParts';

/** As much as the ledger keeps of what a record says. */
const KEPT = 16_384;

it('is one part where a record holds all keys', () => {
  expect(keyParts([])).toEqual([[]]);
  expect(keyParts(['A'])).toEqual([['A']]);
  const keys = keysNamed(200);
  expect(keyParts(keys)).toEqual([keys]);
});

it.each([
  [201, 8],
  [200, 128],
  [1_000, 100],
])('is several where it does not: %s keys of %s characters', (...given) => {
  const keys = keysNamed(...given);
  const parts = keyParts(keys);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.flat()).toEqual(keys);
  for (const part of parts) {
    expect(part.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify({ keys: part }).length).toBeLessThan(KEPT - 2_000);
  }
});

it('counts all that is said of a key, and keeps one of which that is too much', () => {
  const keys = keysNamed(150);
  const inTwo = keyParts(keys, key => [`staging/${key}`, `qa/${key}`]);
  expect(inTwo.map(({ length }) => length)).toEqual([100, 50]);
  const long = keyParts(['A', 'B'], key => [key.repeat(KEPT)]);
  expect(long).toEqual([['A'], ['B']]);
});
