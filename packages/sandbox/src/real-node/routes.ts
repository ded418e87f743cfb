interface Range {
  /** First address, as a number */
  first: number;
  /** Last address */
  last: number;
}

/** A route that is there already. */
export interface Route {
  device: string;
  /** Such as 10.0.0.0/8 */
  range: string;
}

/**
 * A route to some of the addresses of a range. The route to everywhere else does not count.
 *
 * @param table - as in /proc/net/route: addresses in hexadecimal, their last byte first
 * @param range - such as 10.96.0.0/16
 */
export function overlappingRoute(
  table: string,
  range: string,
): Route | undefined {
  const wanted = rangeOf(range);
  for (const line of table.trim().split('\n').slice(1)) {
    const [device, destination, , , , , , mask] = line.split('\t');
    const route = fromHex(destination, mask);
    if (route.bits === 0) continue;
    const { first, last } = rangeOf(`${route.address}/${route.bits}`);
    if (first <= wanted.last && wanted.first <= last) {
      return { device, range: `${route.address}/${route.bits}` };
    }
  }
  return undefined;
}

function rangeOf(text: string): Range {
  const [address, bits] = text.split('/');
  const first = address
    .split('.')
    .reduce((number, byte) => number * 256 + Number(byte), 0);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
}

function fromHex(destination: string, mask: string) {
  const bytes = (hex: string) => [...Buffer.from(hex, 'hex')].reverse();
  return {
    address: bytes(destination).join('.'),
    bits: bytes(mask)
      .map(byte => byte.toString(2).replace(/0/g, '').length)
      .reduce((sum, ones) => sum + ones, 0),
  };
}
