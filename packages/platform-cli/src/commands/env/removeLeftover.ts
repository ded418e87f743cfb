import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

/** No namespace of an environment looks like this, because they begin with letters. */
const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const removeLeftover: CommandDefinition = {
  path: ['env', 'remove-leftover'],
  summary: 'Remove what is left of an environment that is gone',
  examples: [
    'platform env remove-leftover env-pr-1234 --yes',
    'platform env remove-leftover env-pr-1234 --yes --reason "its resource was deleted by hand"',
    'platform env remove-leftover 0d9c1a52-6f0e-4a53-9d35-1c2b8f6f5b11 --yes',
  ],
  configure: command =>
    command
      .argument(
        '<namespace or uid>',
        'as in "platform env leftovers"; a uid for databases without a namespace',
      )
      .option('--yes', 'you know that what is in it is lost')
      .option('--reason <text>', 'why, for the record'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, { yes?: boolean; reason?: string }]
  ) {
    const [name, { yes, reason }] = args;
    const isDatabases = UID.test(name);
    if (!yes) {
      throw new CliError(`${name} was not removed.`, {
        why: isDatabases
          ? 'Its databases would go with all that is in them.'
          : 'It would go with all that is in it, and with the databases of its environment.',
        fix: `Say that you mean it: platform env remove-leftover ${name} --yes`,
        exitCode: exitCodes.usage,
      });
    }
    const connected = await portal();
    const why = reason ? { reason } : {};
    if (isDatabases) {
      const answer = await connected.environments.removeOrphanDatabases({
        ...{ environmentUid: name, ...why },
      });
      output.answer(answer, () => `Removed: ${answer.names.join(', ')}`);
      return;
    }
    const answer = await connected.environments.removeOrphan({
      ...{ namespace: name, ...why },
    });
    output.answer(
      answer,
      () => `${name} is being removed, with the databases of its environment.`,
    );
  },
};
