import { isUtf8 } from 'node:buffer';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

/**
 * Bytes as the text that they are.
 *
 * @param what - names them, at the beginning of a sentence
 * @throws CliError for bytes that would not come out as they went in
 */
export function textOf(bytes: Buffer, what: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new CliError(`${what} is no text in UTF-8, and would be changed.`, {
    fix: 'Set it as base64: base64 < file | platform secrets set my-service/KEY --base64',
    exitCode: exitCodes.usage,
  });
}
