import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { followEnvironment } from './followEnvironment';
import { environmentText } from './words';

interface Options {
  namespace?: string;
  events?: boolean;
  wait?: boolean;
  timeout: string;
}

export const showEnvironment: CommandDefinition = {
  path: ['env', 'show'],
  summary: 'Show an environment: services, databases, addresses, what is wrong',
  examples: [
    'platform env show pr-1234',
    'platform env show pr-1234 --events',
    'platform env show pr-1234 --wait --timeout 300',
  ],
  configure: command =>
    command
      .argument('<name>', 'as in "platform env list"')
      .option(
        '--namespace <name>',
        'of its resource, where several have the name',
      )
      .option('--events', 'what happened in it too, newest first')
      .option('--wait', 'until it is ready')
      .option('--timeout <seconds>', 'how long to wait', '600'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, { namespace: home, ...options }] = args;
    const connected = await portal();
    const of = { name, ...(home && { home }) };
    const first = await connected.environments.get(of);
    const environment = options.wait
      ? await followEnvironment(connected, first.environment, output, {
          timeout: secondsIn(options.timeout),
        })
      : first.environment;
    const events = options.events
      ? (await connected.environments.events(of)).items
      : undefined;
    output.answer({ environment, ...(events && { events }) }, () =>
      [
        environmentText(environment, new Date()),
        ...(events
          ? [
              '',
              ...events.map(
                one =>
                  `${one.at}  ${one.warning ? '!' : ' '} ${one.about}: ${
                    one.message
                  }`,
              ),
            ]
          : []),
      ].join('\n'),
    );
  },
};

/** @throws CliError for what is no number of seconds */
export function secondsIn(text: string): number {
  const seconds = Number(text);
  if (seconds > 0) return seconds;
  throw new CliError(`"${text}" is no number of seconds.`, {
    fix: 'Write one such as --timeout 600.',
    exitCode: exitCodes.usage,
  });
}
