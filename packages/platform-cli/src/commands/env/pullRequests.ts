import { stringifyEntityRef } from '@backstage/catalog-model';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';
import { resolveService } from '../service/resolveService';

export const listPullRequests: CommandDefinition = {
  path: ['env', 'pull-requests'],
  summary:
    'List the open pull requests of a service, to create an environment of one',
  examples: [
    'platform env pull-requests my-service',
    'platform env pull-requests my-service --json',
  ],
  configure: command =>
    command.argument('<service>', 'its name in the catalog'),
  async run({ output, portal }: CommandContext, name: string) {
    const connected = await portal();
    const entity = await resolveService(connected, name);
    const answer = await connected.environments.openPullRequests({
      service: stringifyEntityRef(entity),
    });
    const { items, more, repository } = answer;
    output.answer(answer, () =>
      items.length === 0
        ? `${repository} has no open pull request.`
        : [
            table(
              ['NUMBER', 'TITLE', 'BRANCH', 'AUTHOR', 'ADDRESS'],
              items.map(one => [
                String(one.number),
                one.title,
                one.fork ? `${one.branch} (fork)` : one.branch,
                one.author,
                one.url,
              ]),
              output.width,
            ),
            ...(more > 0 ? [`${more} older ones are not listed.`] : []),
            'Create the environment of one: platform env create --pull-request <address>',
          ].join('\n'),
    );
  },
};
