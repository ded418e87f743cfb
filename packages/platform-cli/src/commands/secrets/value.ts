import { password } from '@inquirer/prompts';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { readStdin } from './stdin';
import { textOf } from './text';

/**
 * A value: from the command line, which is warned about; from standard input; or asked for, without showing it.
 *
 * @throws CliError if there is none
 */
export async function readValue(
  given: string | undefined,
  key: string,
  output: Output,
): Promise<string> {
  const value = await read(given, key, output);
  output.hide(value);
  return value;
}

async function read(
  given: string | undefined,
  key: string,
  output: Output,
): Promise<string> {
  if (given !== undefined && given !== '-') {
    output.note(
      '! A value on the command line stays in the history of your shell and can be seen by others on this machine. Leave it out to be asked for it, or pipe it in.',
    );
    return given;
  }
  if (given === '-' || !process.stdin.isTTY) {
    const text = textOf(await readStdin(), 'Standard input').replace(
      /\r?\n$/,
      '',
    );
    if (text) return text;
    throw new CliError('There is no value on standard input.', {
      fix: 'Pipe it in: printf %s "$VALUE" | platform secrets set my-service/KEY',
      exitCode: exitCodes.usage,
    });
  }
  return password({ message: `Value of ${key}`, mask: true });
}
