import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { answerChanged } from './changed';
import { resolveSecret } from './name';
import { wholeNumber } from './wholeNumber';

interface Options {
  env: string;
  ifVersion?: number;
  reason?: string;
}

const IF_VERSION = '--if-version <number>';

export const restoreSecret: CommandDefinition = {
  path: ['secrets', 'restore'],
  summary: 'Put back an earlier value of a secret',
  examples: [
    'platform secrets restore my-service/DATABASE_URL --env staging --to 3',
  ],
  configure: command =>
    command
      .argument('<secret>', 'service and key: my-service/DATABASE_URL')
      .requiredOption('--env <name>', 'where')
      .requiredOption('--to <version>', 'as "platform secrets history" says')
      .option(IF_VERSION, 'only if its newest version is this one', wholeNumber)
      .option('--reason <text>', 'why, for the record'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, Options & { to: string }]
  ) {
    const [name, { env, ifVersion, reason, to }] = args;
    if (!/^[1-9]\d{0,8}$/.test(to)) {
      throw new CliError(`"${to}" is not a version.`, {
        fix: `See which there are: platform secrets history ${name} --env ${env}`,
        exitCode: exitCodes.usage,
      });
    }
    const connected = await portal();
    const { service, key } = await resolveSecret(connected, name);
    const changed = await connected.secrets.restore({
      ...{ service, key, ifVersion, reason },
      environment: env,
      version: Number(to),
    });
    answerChanged(output, service, changed);
  },
};

export const deleteSecret: CommandDefinition = {
  path: ['secrets', 'delete'],
  summary: 'Take a secret away, so that it can still be put back',
  examples: ['platform secrets delete my-service/OLD_TOKEN --env staging'],
  configure: command =>
    command
      .argument('<secret>', 'service and key: my-service/DATABASE_URL')
      .requiredOption('--env <name>', 'where')
      .option(IF_VERSION, 'only if its newest version is this one', wholeNumber)
      .option('--reason <text>', 'why, for the record'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, { env, ifVersion, reason }] = args;
    const connected = await portal();
    const { service, key } = await resolveSecret(connected, name);
    const changed = await connected.secrets.delete({
      ...{ service, key, ifVersion, reason },
      environment: env,
    });
    answerChanged(output, service, changed);
    output.note(`Put it back: platform secrets undelete ${name} --env ${env}`);
  },
};

export const undeleteSecret: CommandDefinition = {
  path: ['secrets', 'undelete'],
  summary: 'Put back a secret that was deleted',
  examples: ['platform secrets undelete my-service/OLD_TOKEN --env staging'],
  configure: command =>
    command
      .argument('<secret>', 'service and key: my-service/DATABASE_URL')
      .requiredOption('--env <name>', 'where')
      .option('--reason <text>', 'why, for the record'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, { env, reason }] = args;
    const connected = await portal();
    const { service, key } = await resolveSecret(connected, name);
    const changed = await connected.secrets.undelete({
      ...{ service, key, reason },
      environment: env,
    });
    answerChanged(output, service, changed);
  },
};
