import { CommandContext, CommandDefinition } from '../../command';
import { environmentTable } from './words';

interface Options {
  owner?: string;
  service?: string;
}

export const listEnvironments: CommandDefinition = {
  path: ['env', 'list'],
  summary: 'List the preview environments, and name the standing ones',
  examples: [
    'platform env list',
    'platform env list --owner shop',
    'platform env list --service my-service --json',
  ],
  configure: command =>
    command
      .option('--owner <group>', 'only those of this group')
      .option('--service <name>', 'only those that this service is in'),
  async run({ output, portal }: CommandContext, options: Options) {
    const connected = await portal();
    const answer = await connected.environments.list({
      ...(options.owner && { owner: options.owner }),
      ...(options.service && { service: options.service }),
    });
    const standing = answer.standing.map(one => one.name);
    output.answer(answer, () =>
      [
        answer.notConnected,
        answer.items.length > 0
          ? environmentTable(answer.items, new Date(), output.width)
          : !answer.notConnected &&
            'There is no preview environment. Make one: platform env create -f preview.yaml',
        standing.length > 0 &&
          `Standing: ${standing.join(', ')}. What runs there: platform status`,
      ]
        .filter(Boolean)
        .join('\n'),
    );
  },
};
