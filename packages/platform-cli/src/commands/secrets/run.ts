import { stringifyEntityRef } from '@backstage/catalog-model';
import { isError } from '@backstage/errors';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError, ProgramEnded } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { resolveService } from '../service/resolveService';
import { programEnvironment } from './programEnvironment';

/** So much of a program's name is recorded, in characters. */
const MOST_NAMED = 200;

interface Options {
  env: string;
  reason?: string;
}

export const runWithSecrets: CommandDefinition = {
  path: ['secrets', 'run'],
  summary: 'Run a program with the secrets of a service in its environment',
  examples: ['platform secrets run my-service --env staging -- npm test'],
  configure: command =>
    command
      .argument('<service>', 'as in "platform service list"')
      .argument('<command...>', 'behind --, with its arguments')
      .requiredOption('--env <name>', 'whose secrets; not of production')
      .option(
        '--reason <text>',
        'why, for the record; which program it is, if left out',
      ),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, string[], Options]
  ) {
    const [name, [program, ...rest], options] = args;
    const connected = await portal();
    const service = stringifyEntityRef(await resolveService(connected, name));
    const { items, leftOut: foreign } = await connected.secrets.run({
      service,
      environment: options.env,
      reason: options.reason ?? reasonFor(program),
    });
    for (const { key, why } of foreign) {
      output.note(`! The program does not get ${key}: ${why}`);
    }
    const { variables, leftOut } = programEnvironment(items);
    for (const { key, why } of leftOut) {
      output.note(`! The program does not get ${key}: ${why}.`);
    }
    const env = { ...process.env, ...variables };
    const code = await runProgram(program, rest, env);
    if (code !== 0) throw new ProgramEnded(code);
  },
};

/** Values are read for it, so the record says for what. Arguments may hold anything, and are not told. */
function reasonFor(program: string): string {
  return `run: ${basename(program).slice(0, MOST_NAMED)}`;
}

/** @throws CliError where the system does not take it all together */
function begin(program: string, args: string[], env: NodeJS.ProcessEnv) {
  try {
    return spawn(program, args, { env, stdio: 'inherit' });
  } catch (error) {
    // What the system says of it is "spawn E2BIG".
    if (!isError(error) || error.code !== 'E2BIG') throw error;
    throw new CliError(
      `${program} cannot be run: its variables and arguments are larger together than the system takes.`,
      {
        fix: 'Have it read large values from files: platform secrets reveal.',
        exitCode: exitCodes.failed,
      },
    );
  }
}

/** @returns the program's own exit code; 128 and the signal's number where that ended it */
function runProgram(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = begin(program, args, env);
    const passOn = (signal: NodeJS.Signals) => child.kill(signal);
    // Ctrl-C reaches it too, and it decides what that means.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    process.on('SIGTERM', passOn);
    child.once('error', () =>
      reject(
        new CliError(`${program} cannot be run.`, {
          fix: 'Write the program behind --: platform secrets run my-service --env staging -- npm test',
          exitCode: exitCodes.usage,
        }),
      ),
    );
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', passOn);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
