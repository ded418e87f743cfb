import {
  Checkpoint,
  checkpointSchema,
  Witness,
} from '@highroad/plugin-audit-common';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { checkpointWitness } from './ledgerWitnesses';

/** The checkpoints that were carried into a file, as they were when it was opened. */
export interface CheckpointFile {
  /** Those that speak of a place from this one on, as they stand there */
  from(seq: number): AsyncGenerator<Witness>;
  /** Numbers of lines that cannot be read, or stand in the wrong order; complete when all were read */
  readonly badLines: number[];
  /** Of which places the checkpoints were given up to now */
  readonly given: ReadonlySet<number>;
  /** Up to before which place they were all given; infinite once all were read */
  givenBefore(): number;
}

/** @returns nothing if there is no such file */
export async function openCheckpointFile(
  file: string,
): Promise<CheckpointFile | undefined> {
  const size = await stat(file).then(
    stats => stats.size,
    () => undefined,
  );
  if (size === undefined) return undefined;
  const badLines: number[] = [];
  const given = new Set<number>();
  let givenBefore = 0;
  async function* from(seq: number): AsyncGenerator<Witness> {
    // Lines that are added meanwhile speak of records that may not have been read.
    const stream = size
      ? createReadStream(file, { end: size - 1 })
      : Readable.from([]);
    const lines = createInterface({ input: stream, crlfDelay: Infinity });
    let number = 0;
    let last = 0;
    for await (const line of lines) {
      number++;
      if (!line) continue;
      const checkpoint = parse(line);
      if (!checkpoint) {
        badLines.push(number);
        continue;
      }
      if (checkpoint.seq < last) badLines.push(number);
      last = Math.max(last, checkpoint.seq);
      givenBefore = last;
      if (checkpoint.seq < seq) continue;
      given.add(checkpoint.seq);
      yield checkpointWitness(checkpoint, file);
    }
    givenBefore = Infinity;
  }
  return { from, badLines, given, givenBefore: () => givenBefore };
}

/**
 * Of all checkpoints in a file, those that speak against a chain that ends at a place: the furthest beyond it, and the
 * first of another chain. Nothing is believed yet. None if there is no such file.
 */
export async function witnessesAgainst(
  file: string,
  about: { chain: string | undefined; end: number },
): Promise<Checkpoint[]> {
  const lines = await linesOf(file);
  let furthest: Checkpoint | undefined;
  let other: Checkpoint | undefined;
  for await (const line of lines) {
    // Most lines say nothing against it; only the others are read with care.
    const seq = Number(/"seq":(\d+)/.exec(line)?.[1]);
    const isOther = about.chain !== undefined && !line.includes(about.chain);
    if (!(seq > (furthest?.seq ?? about.end)) && (!isOther || other)) continue;
    const checkpoint = parse(line);
    if (!checkpoint) continue;
    if (isOther) other ??= checkpoint;
    else furthest = checkpoint;
  }
  return [furthest ?? [], other ?? []].flat();
}

/** A line has less than 500 bytes. */
const END_BYTES = 8_192;

/** The furthest of the last checkpoints in a file. It is not believed yet. Nothing if there is no such file. */
export async function lastInFile(
  file: string,
): Promise<Checkpoint | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - END_BYTES);
    const { buffer, bytesRead } = await handle.read({
      ...{ buffer: Buffer.alloc(END_BYTES), position: start },
    });
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return lines
      .flatMap(line => parse(line) ?? [])
      .sort((a, b) => b.seq - a.seq)[0];
  } finally {
    await handle.close();
  }
}

async function linesOf(file: string): Promise<AsyncIterable<string>> {
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  const input = exists ? createReadStream(file) : Readable.from([]);
  return createInterface({ input, crlfDelay: Infinity });
}

function parse(line: string) {
  try {
    const parsed = checkpointSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
