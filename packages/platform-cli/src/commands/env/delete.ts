import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

interface Options {
  yes?: boolean;
  namespace?: string;
  reason?: string;
}

export const deleteEnvironment: CommandDefinition = {
  path: ['env', 'delete'],
  summary: 'End an environment, with its namespace and its databases',
  examples: [
    'platform env delete pr-1234 --yes',
    'platform env delete pr-1234 --yes --reason "merged by hand"',
  ],
  configure: command =>
    command
      .argument('<name>', 'as in "platform env list"')
      .option('--yes', 'you know that what is in its databases is lost')
      .option('--reason <text>', 'why, for the record')
      .option(
        '--namespace <name>',
        'of its resource, where several have the name',
      ),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const connected = await portal();
    const of = {
      name,
      ...(options.namespace && { home: options.namespace }),
    };
    if (!options.yes) {
      const { environment } = await connected.environments.get(of);
      const databases = environment.status.databases.map(one => one.name);
      throw new CliError(`${name} was not ended.`, {
        why: `It destroys the namespace ${
          environment.namespace ?? 'that it would get'
        }${
          databases.length > 0
            ? ` and the database ${databases.join(', ')}`
            : ''
        }.`,
        fix: `Say that you mean it: platform env delete ${name} --yes`,
        exitCode: exitCodes.usage,
      });
    }
    const answer = await connected.environments.delete({
      ...of,
      ...(options.reason && { reason: options.reason }),
    });
    output.answer(answer, () =>
      [
        `${name} is being ended`,
        answer.namespace && `, with the namespace ${answer.namespace}`,
        answer.databases.length > 0 &&
          ` and the database ${answer.databases.join(', ')}`,
        '.',
      ]
        .filter(Boolean)
        .join(''),
    );
  },
};
