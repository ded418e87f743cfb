import { isError } from '@backstage/errors';
import { LogTail } from '@highroad/plugin-sandbox-common';
import { FileHandle, open, stat } from 'node:fs/promises';
import { waitFor } from './waiting';

/** No more of a log than this is read, whatever its size. */
const MAX_BYTES = 256 * 1024;
const MAX_LINE = 2_000;

/**
 * The last lines of a file. A file that is not there is an empty one: its server has not written yet.
 *
 * @param options.after - waits until the file has another size, for `holdMs` at most
 */
export async function readLogTail(
  path: string,
  options: {
    lines: number;
    after?: number;
    holdMs: number;
    signal?: AbortSignal;
  },
): Promise<LogTail> {
  const { lines: wanted, after, holdMs, signal } = options;
  if (after !== undefined) {
    await waitFor(async () => (await sizeOf(path)) !== after, {
      withinMs: holdMs,
      signal,
    });
  }
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return { lines: [], truncated: false, size: 0 };
    throw error;
  }
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - MAX_BYTES);
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(size - from),
      position: from,
    });
    const all = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    if (all[all.length - 1] === '') all.pop();
    // What was cut in the middle is no line.
    if (from > 0) all.shift();
    return {
      lines: all.slice(-wanted).map(readable),
      truncated: from > 0 || all.length > wanted,
      size,
    };
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return isError(error) && error.code === 'ENOENT';
}

/** Without the codes that colour a terminal, and no longer than a page can show. */
function readable(line: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = line.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '').replace(/\r$/, '');
  return plain.length > MAX_LINE ? `${plain.slice(0, MAX_LINE)}…` : plain;
}
