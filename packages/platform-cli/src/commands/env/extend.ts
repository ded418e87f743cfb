import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { timeLeft } from './words';

interface Options {
  by?: string;
  keep?: boolean;
  namespace?: string;
  reason?: string;
}

export const extendEnvironment: CommandDefinition = {
  path: ['env', 'extend'],
  summary: 'Have an environment stay longer, or until you end it',
  examples: [
    'platform env extend pr-1234 --by 3d',
    'platform env extend pr-1234 --keep',
    'platform env extend pr-1234 --no-keep',
  ],
  configure: command =>
    command
      .argument('<name>', 'as in "platform env list"')
      .option('--by <duration>', 'such as 12h or 3d; a day if left out')
      .option('--keep', 'until somebody ends it')
      .option('--no-keep', 'have its time to live count again')
      .option('--reason <text>', 'why, for the record')
      .option(
        '--namespace <name>',
        'of its resource, where several have the name',
      ),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, { by = '1d', keep, namespace, reason }] = args;
    if (args[1].by !== undefined && keep !== undefined) {
      throw new CliError('It is not said how long it is to stay.', {
        why: `--by ${by} and ${
          keep ? '--keep' : '--no-keep'
        } are two answers to that.`,
        fix: 'Give one of them.',
        exitCode: exitCodes.usage,
      });
    }
    const connected = await portal();
    const of = {
      name,
      ...(namespace && { home: namespace }),
      ...(reason && { reason }),
    };
    const answer =
      keep === undefined
        ? await connected.environments.extend({ ...of, by })
        : await connected.environments.keep({ ...of, keep });
    const { environment } = answer;
    output.answer(answer, () =>
      environment.kept
        ? `${name} stays until somebody ends it: platform env delete ${name}`
        : `${name} stays until ${environment.expiresAt}, ${timeLeft(
            environment,
            new Date(),
          )} from now.`,
    );
  },
};
