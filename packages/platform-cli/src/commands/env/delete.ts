import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { followEnd } from './followEnd';
import { secondsIn } from './show';

interface Options {
  yes?: boolean;
  namespace?: string;
  reason?: string;
  wait?: boolean;
  timeout: string;
}

export const deleteEnvironment: CommandDefinition = {
  path: ['env', 'delete'],
  summary: 'End an environment, with its namespace and its databases',
  examples: [
    'platform env delete pr-1234 --yes',
    'platform env delete pr-1234 --yes --reason "merged by hand"',
    'platform env delete pr-1234 --yes --wait --timeout 120',
  ],
  configure: command =>
    command
      .argument('<name>', 'as in "platform env list"')
      .option('--yes', 'you know that what is in its databases is lost')
      .option('--reason <text>', 'why, for the record')
      .option(
        '--namespace <name>',
        'of its resource, where several have the name',
      )
      .option('--wait', 'until nothing of it is left')
      .option('--timeout <seconds>', 'how long to wait', '600'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const timeout = secondsIn(options.timeout);
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
    const reason = options.reason && { reason: options.reason };
    if (!options.wait) {
      const answer = await connected.environments.delete({ ...of, ...reason });
      output.answer(answer, () => sentence(`${name} is being ended`, answer));
      return;
    }
    const { environment } = await connected.environments.get(of);
    const answer = await connected.environments.delete({ ...of, ...reason });
    if (!output.json) output.note(sentence(`${name} is being ended`, answer));
    await followEnd(connected, environment, output, { timeout });
    output.answer({ ...answer, gone: true }, () => `${name} is gone.`);
  },
};

function sentence(
  begins: string,
  { namespace, databases }: { namespace?: string; databases: string[] },
): string {
  return [
    begins,
    namespace && `, with the namespace ${namespace}`,
    databases.length > 0 && ` and the database ${databases.join(', ')}`,
    '.',
  ]
    .filter(Boolean)
    .join('');
}
