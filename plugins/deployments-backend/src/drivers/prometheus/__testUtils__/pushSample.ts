/**
 * Puts one sample of now into a Prometheus that takes remote writes.
 *
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export async function pushSample(
  address: string,
  name: string,
  labels: Record<string, string>,
  value: number,
): Promise<void> {
  const sorted = Object.entries({ ...labels, __name__: name }).sort(
    ([a], [b]) => (a < b ? -1 : 1),
  );
  const double = Buffer.alloc(8);
  double.writeDoubleLE(value);
  const sample = Buffer.concat([
    Buffer.from([0x09]),
    double,
    Buffer.from([0x10]),
    varint(Date.now()),
  ]);
  const series = Buffer.concat([
    ...sorted.map(([key, text]) =>
      field(
        1,
        Buffer.concat([
          field(1, Buffer.from(key)),
          field(2, Buffer.from(text)),
        ]),
      ),
    ),
    field(2, sample),
  ]);
  const response = await fetch(`${address}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: uncompressedSnappy(field(1, series)),
  });
  if (!response.ok) {
    throw new Error(`${response.status}: ${await response.text()}`);
  }
}

/** A field of Protocol Buffers that holds bytes. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([number * 8 + 2]),
    varint(bytes.length),
    bytes,
  ]);
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(number);
  while (rest > 127n) {
    bytes.push(Number(rest % 128n) + 128);
    rest /= 128n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

/** Snappy's format with everything as one literal, of at most 65,536 bytes. */
function uncompressedSnappy(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(bytes.length - 1);
  return Buffer.concat([
    varint(bytes.length),
    Buffer.from([61 * 4]),
    length,
    bytes,
  ]);
}
