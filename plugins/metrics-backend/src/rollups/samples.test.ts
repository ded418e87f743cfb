import fc from 'fast-check';
import { packSamples, unpackSamples } from './samples';

it('gives back the same samples, in their order', () => {
  const sample = fc.oneof(
    fc.integer({ min: -100, max: 300 }),
    fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  );
  fc.assert(
    fc.property(fc.array(sample), values => {
      const sorted = [...values].sort((a, b) => a - b);
      expect(unpackSamples(packSamples(sorted))).toEqual(sorted);
    }),
    { verbose: true },
  );
});

it('takes about a byte for each of many', () => {
  const day = Array.from({ length: 4_000 }, (_, index) => index * 65);
  expect(packSamples(day).length).toBeLessThan(4_000 * 1.4);
});

it('says that a text breaks off', () => {
  const text = packSamples([1_000_000]);
  const half = Buffer.from(text, 'base64').subarray(0, 1).toString('base64');
  expect(() => unpackSamples(half)).toThrow('The samples break off.');
});
