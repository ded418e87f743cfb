import { createReadStream } from 'node:fs';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

/** What a portal takes at most, with room for base64. */
const MOST = 1024 * 1024;

/** @throws CliError if it is larger than any value may be */
export async function readStdin(): Promise<Buffer> {
  return readWhole(process.stdin, 'Standard input');
}

/**
 * Reads a file, which may as well be a pipe that has no size, or no end.
 *
 * @throws CliError if it is larger than a portal takes; what the system says where it cannot be read
 */
export async function readWholeFile(path: string): Promise<Buffer> {
  return readWhole(createReadStream(path), path);
}

async function readWhole(
  stream: AsyncIterable<Buffer | string>,
  name: string,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > MOST) {
      throw new CliError(`${name} holds more than 1 MiB.`, {
        fix: 'Give less at once: import in parts, and keep large values elsewhere.',
        exitCode: exitCodes.usage,
      });
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
