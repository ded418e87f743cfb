import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

interface Options {
  lines: string;
  namespace?: string;
}

export const logsOfEnvironment: CommandDefinition = {
  path: ['env', 'logs'],
  summary: 'Show what the services of an environment log',
  examples: [
    'platform env logs pr-1234',
    'platform env logs pr-1234 api --lines 1000',
  ],
  configure: command =>
    command
      .argument('<name>', 'as in "platform env list"')
      .argument('[service]', 'only this one')
      .option('--lines <number>', 'of each pod, the newest', '200')
      .option(
        '--namespace <name>',
        'of its resource, where several have the name',
      ),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, string | undefined, Options]
  ) {
    const [name, service, options] = args;
    const lines = Number(options.lines);
    if (!Number.isInteger(lines) || lines < 1 || lines > 5000) {
      throw new CliError(`"${options.lines}" is no number of lines.`, {
        fix: 'Write one from 1 to 5000.',
        exitCode: exitCodes.usage,
      });
    }
    const connected = await portal();
    const answer = await connected.environments.logs({
      ...{ name, lines },
      ...(service && { service }),
      ...(options.namespace && { home: options.namespace }),
    });
    for (const { pod, message } of answer.unread) {
      output.note(`The log of ${pod} can't be read: ${message}`);
    }
    output.answer(answer, () =>
      answer.items.length === 0
        ? 'Nothing was logged.'
        : answer.items
            .map(line =>
              [line.at?.slice(0, 23), line.service, line.text]
                .filter(part => part !== undefined)
                .join('  '),
            )
            .join('\n'),
    );
  },
};
