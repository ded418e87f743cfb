import { Command } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { answerChanged } from './changed';
import { resolveSecret } from './name';
import { readValue } from './value';
import { wholeNumber } from './wholeNumber';

interface Options {
  env?: string;
  base64?: boolean;
  ifVersion?: number;
  reason?: string;
}

export const setSecret: CommandDefinition = {
  path: ['secrets', 'set'],
  summary: 'Set a secret of a service, and bring it to where the service runs',
  examples: [
    'platform secrets set my-service/DATABASE_URL --env staging',
    'printf %s "$URL" | platform secrets set my-service/DATABASE_URL --env production',
    'base64 < key.p12 | platform secrets set my-service/KEYSTORE --base64',
  ],
  configure: command =>
    withoutValues(command)
      .argument('<secret>', 'service and key: my-service/DATABASE_URL')
      .argument(
        '[value]',
        'the value; asked for or read from standard input if left out',
      )
      .option('--env <name>', 'where; every one but production if left out')
      .option(
        '--base64',
        'the value is in base64, as what is not text has to be',
      )
      .option(
        '--if-version <number>',
        'only if its newest version is this one; 0 if it is not there yet',
        wholeNumber,
      )
      .option('--reason <text>', 'why, for the record'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, string | undefined, Options]
  ) {
    const [name, given, options] = args;
    const connected = await portal();
    const { service, key } = await resolveSecret(connected, name);
    output.given(service, key, options.env);
    const changed = await connected.secrets.set({
      ...{ service, key },
      environment: options.env,
      value: await readValue(given, key, output),
      encoding: options.base64 ? 'base64' : 'text',
      ifVersion: options.ifVersion,
      reason: options.reason,
    });
    answerChanged(
      ...([output, service, changed] as const),
      environment => `platform secrets set ${name} --env ${environment}`,
    );
  },
};

/** A value that begins with "-" is taken for an option, and is not to be repeated as one that is not known. */
function withoutValues(command: Command): Command {
  const { outputError } = command.configureOutput();
  return command.configureOutput({
    outputError: (text, write) => {
      const [, option] = /unknown option '([^]*)'/.exec(text) ?? [];
      const isOption = !option || /^--?[a-z][a-z0-9-]{0,20}$/.test(option);
      const words =
        'There is no such option. A value that begins with "-" has to be piped in.';
      outputError?.(isOption ? text : words, write);
    },
  });
}
