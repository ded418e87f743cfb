import { keptVersions, SecretVersion } from '@highroad/plugin-secrets-common';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { resolveSecret } from './name';

export const history: CommandDefinition = {
  path: ['secrets', 'history'],
  summary: 'Say who set a secret when',
  examples: ['platform secrets history my-service/DATABASE_URL --env staging'],
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
    const answer = await connected.secrets.history({
      ...(await resolveSecret(connected, name)),
      environment: env,
    });
    output.answer(answer, () => {
      const versions = table(
        ['VERSION', 'WHEN', 'WHO', 'HOW', 'STATE'],
        answer.items.map(item => [
          String(item.version),
          withoutFraction(item.at),
          item.by ?? 'straight in Vault',
          item.how ?? '',
          stateWords(item),
        ]),
        output.width,
      );
      const kept = keptVersions(answer.items, answer.keeps);
      return kept ? `${versions}\n${kept}` : versions;
    });
  },
};

/** `deleted 2027-01-02T00:00:00Z by user:default/mona` */
function stateWords(item: SecretVersion): string {
  const { state, deletedAt, deletedBy, undeletedAt, undeletedBy } = item;
  const by = (who: string | undefined) => (who ? ` by ${who}` : '');
  if (deletedAt) {
    return `${state} ${withoutFraction(deletedAt)}${by(deletedBy)}`;
  }
  return undeletedAt
    ? `${state}, put back ${withoutFraction(undeletedAt)}${by(undeletedBy)}`
    : state;
}
