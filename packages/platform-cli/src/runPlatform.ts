import authModule from '@backstage/cli-module-auth';
import { runCli } from '@backstage/cli-node';
import { CommanderError } from 'commander';
import { version } from '../package.json';
import { CommandContext, CommandDefinition } from './command';
import { CliError, ProgramEnded, toCliError } from './errors';
import { ExitCode, exitCodes } from './exitCodes';
import { Output } from './output/Output';
import { locatePortal } from './portal/locate';
import { Portal } from './portal/Portal';
import { AUTH_COMMANDS, buildProgram } from './program';
import { revoking, withInstance } from './signOut';

/**
 * Runs one command line.
 *
 * @param argv - without the interpreter and the script
 * @returns the exit code
 */
export async function runPlatform(argv: string[]): Promise<number> {
  const output = createOutput(argv);
  if (argv[0] in AUTH_COMMANDS || argv[0] === 'auth') {
    const command = argv[0] === 'auth' ? argv.slice(1) : argv;
    try {
      if (command[0] !== 'logout') return await runAuth(command);
      globalThis.fetch = revoking(fetch, line => output.note(`! ${line}`));
      return await runAuth(await withInstance(command));
    } catch (error) {
      const failure = toCliError(error);
      output.error(failure);
      return failure.exitCode;
    }
  }
  const context: CommandContext = {
    output,
    portal: async () =>
      new Portal(await locatePortal(process.env, process.cwd())),
  };
  let running: CommandDefinition | undefined;
  const program = buildProgram(version, (definition, args) => {
    running = definition;
    return runDefinition(definition, context, args);
  });

  try {
    if (argv.length === 0) {
      program.outputHelp();
      return exitCodes.done;
    }
    await program.parseAsync(argv, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 || error.code === 'commander.help'
        ? exitCodes.done
        : exitCodes.usage;
    }
    if (error instanceof ProgramEnded) return error.code;
    const failure = toCliError(error, {
      token: Boolean(process.env.PLATFORM_TOKEN),
      runbook: running?.runbook,
    });
    output.error(failure);
    if (argv.includes('--debug') && error instanceof Error) {
      output.note(error.stack ?? '');
    }
    return failure.exitCode;
  }
}

/** A definition's `run` declares what its own arguments are; commander hands over what `configure` declared. */
async function runDefinition(
  definition: CommandDefinition,
  context: CommandContext,
  args: unknown[],
): Promise<void> {
  await Reflect.apply(definition.run, definition, [context, ...args]);
}

function createOutput(argv: string[]): Output {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const wanted = FORCE_COLOR
    ? FORCE_COLOR !== '0'
    : Boolean(process.stdout.isTTY);
  return new Output({
    stdout: process.stdout,
    stderr: process.stderr,
    json: argv.includes('--json'),
    color: wanted && !NO_COLOR && !argv.includes('--no-color'),
  });
}

/** Hands over to the auth module, which ends the process itself. */
async function runAuth(command: string[]): Promise<ExitCode> {
  process.argv = [process.argv[0], process.argv[1], 'auth', ...command];
  await runCli({ modules: [authModule], name: 'platform', version });
  throw new CliError('The sign-in did not end.');
}
