import { LogLine } from '@highroad/plugin-environments-common';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { untilInterrupted } from '../../watching/untilInterrupted';
import { followLogs } from './followLogs';

interface Options {
  follow?: boolean;
  lines: string;
  namespace?: string;
}

export const logsOfEnvironment: CommandDefinition = {
  path: ['env', 'logs'],
  summary: 'Show what the services of an environment log',
  examples: [
    'platform env logs pr-1234',
    'platform env logs pr-1234 api --lines 1000',
    'platform env logs pr-1234 api --follow',
  ],
  configure: command =>
    command
      .argument('<name>', 'as in "platform env list"')
      .argument('[service]', 'only this one')
      .option('--lines <number>', 'of each pod, the newest', '200')
      .option('--follow', 'go on with what is logged, until interrupted')
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
    const of = {
      name,
      ...(service && { service }),
      ...(options.namespace && { home: options.namespace }),
    };
    const unread = ({ pod, message }: { pod: string; message: string }) =>
      output.note(`The log of ${pod} can't be read: ${message}`);
    if (options.follow) {
      await untilInterrupted(signal =>
        followLogs(connected.environments, of, lines, {
          signal,
          onLine: line => output.item(line, () => textOf(line)),
          onUnread: unread,
          onGap: pod =>
            output.note(
              `${pod} logs faster than is read here: some lines are left out.`,
            ),
        }),
      );
      return;
    }
    const answer = await connected.environments.logs({ ...of, lines });
    answer.unread.forEach(unread);
    output.answer(answer, () =>
      answer.items.length === 0
        ? 'Nothing was logged.'
        : answer.items.map(textOf).join('\n'),
    );
  },
};

function textOf({ at, service, container, text }: LogLine): string {
  const who = container ? `${service}/${container}` : service;
  return [at?.slice(0, 23), who, text]
    .filter(part => part !== undefined)
    .join('  ');
}
