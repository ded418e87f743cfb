import { CommandContext, CommandDefinition } from '../../command';
import { resolveSecret } from './name';
import { syncLine } from './words';

export const getSecret: CommandDefinition = {
  path: ['secrets', 'get'],
  summary: 'Say since when a secret is what it is, without its value',
  examples: ['platform secrets get my-service/DATABASE_URL --env staging'],
  configure: command =>
    command
      .argument('<secret>', 'service and key: my-service/DATABASE_URL')
      .requiredOption('--env <name>', 'where'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, { env: string }]
  ) {
    const [name, { env }] = args;
    const connected = await portal();
    const answer = await connected.secrets.get({
      ...(await resolveSecret(connected, name)),
      environment: env,
    });
    const { secret, sync } = answer;
    output.answer(answer, () =>
      [
        `${name} in ${env}: ${secret.state}, version ${secret.version}`,
        `Since ${secret.updatedAt}, by ${
          secret.updatedBy ?? 'somebody who wrote straight to Vault'
        }`,
        ...(sync ? [syncLine(sync)] : []),
        `Its value: platform secrets reveal ${name} --env ${env} --reason …`,
      ].join('\n'),
    );
  },
};
