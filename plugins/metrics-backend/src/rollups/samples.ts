/**
 * Samples as one text: the first, then what each is more than the one before, in groups of seven bits, the lowest first, the eighth
 * saying that another follows; as base64. A day's lead times of a whole organisation take about a byte each, and are read several times
 * as fast as numbers that are written out.
 *
 * @param sorted - whole numbers, ascending, from -2^52 to 2^52
 * @see https://protobuf.dev/programming-guides/encoding/#varints and #signed-ints for the first
 */
export function packSamples(sorted: ArrayLike<number>): string {
  if (sorted.length === 0) return '';
  const bytes: number[] = [];
  const write = (value: number) => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      bytes.push((rest % 128) + 128);
    }
    bytes.push(rest);
  };
  write(sorted[0] < 0 ? -sorted[0] * 2 - 1 : sorted[0] * 2);
  for (let at = 1; at < sorted.length; at++) {
    write(sorted[at] - sorted[at - 1]);
  }
  return Buffer.from(bytes).toString('base64');
}

/** What texts are decoded into: a place for each would cost more than what is in most of them. */
let scratch = Buffer.alloc(4_096);

/**
 * The samples of a text, ascending.
 *
 * @throws RangeError for a text that breaks off
 */
export function unpackSamples(text: string): number[] {
  const samples: number[] = [];
  if (!text) return samples;
  if (scratch.length < text.length) scratch = Buffer.alloc(text.length * 2);
  const length = scratch.write(text, 'base64');
  let last = 0;
  let value = 0;
  let unit = 1;
  for (let at = 0; at < length; at++) {
    const byte = scratch[at];
    if (byte >= 128) {
      value += (byte - 128) * unit;
      unit *= 128;
      continue;
    }
    value += byte * unit;
    if (samples.length === 0) {
      last = value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    } else last += value;
    samples.push(last);
    value = 0;
    unit = 1;
  }
  if (unit !== 1) throw new RangeError('The samples break off.');
  return samples;
}
