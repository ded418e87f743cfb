import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

/** What a portal takes at most, with room for base64. */
const MOST = 1024 * 1024;

/** @throws CliError if it is larger than any value may be */
export async function readStdin(): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > MOST) {
      throw new CliError('Standard input holds more than 1 MiB.', {
        exitCode: exitCodes.usage,
      });
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
