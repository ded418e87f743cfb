import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

export const removeLeftover: CommandDefinition = {
  path: ['env', 'remove-leftover'],
  summary: 'Remove what is left of an environment that is gone',
  examples: [
    'platform env remove-leftover env-pr-1234 --yes',
    'platform env remove-leftover env-pr-1234 --yes --reason "its resource was deleted by hand"',
  ],
  configure: command =>
    command
      .argument('<namespace>', 'as in "platform env leftovers"')
      .option('--yes', 'you know that what is in it is lost')
      .option('--reason <text>', 'why, for the record'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, { yes?: boolean; reason?: string }]
  ) {
    const [namespace, { yes, reason }] = args;
    if (!yes) {
      throw new CliError(`${namespace} was not removed.`, {
        why: 'It would go with all that is in it, and with the databases of its environment.',
        fix: `Say that you mean it: platform env remove-leftover ${namespace} --yes`,
        exitCode: exitCodes.usage,
      });
    }
    const connected = await portal();
    const answer = await connected.environments.removeOrphan({
      ...{ namespace, ...(reason && { reason }) },
    });
    output.answer(
      answer,
      () =>
        `${namespace} is being removed, with the databases of its environment.`,
    );
  },
};
