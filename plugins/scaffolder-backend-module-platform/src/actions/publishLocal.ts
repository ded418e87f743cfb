import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { parseRepositoryId } from '@highroad/plugin-local-repositories-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { DEFAULT_BRANCH } from '../service/ServiceNames';
import { firstCommitMessage } from '../service/firstCommitMessage';
import { withRunbook } from '../service/withRunbook';
import { examples } from './publishLocal.examples';

/** Publishes to a bare repository on the portal's machine, for when no Git host is connected. */
export function createPublishLocalAction(options: {
  repositories: LocalRepositories | undefined;
  config: Config;
}) {
  const { repositories, config } = options;

  return createTemplateAction({
    id: 'platform:publish:local',
    description:
      'Publishes the workspace to a repository on the portal’s machine, whole or not at all',
    examples,
    supportsDryRun: false,
    schema: {
      input: {
        owner: z => z.string(),
        name: z => z.string(),
        sourcePath: z =>
          z
            .string()
            .optional()
            .describe('Folder of the workspace to publish; default: all of it'),
        message: z => z.string().optional().describe('Commit message'),
      },
      output: {
        commit: z => z.string().describe('Id of the first commit'),
      },
    },
    handler: ctx =>
      withRunbook(
        () => 'create-repository-failed',
        async () => {
          if (!repositories) {
            throw new InputError(
              'Repositories are not kept on this machine: platform.localRepositories.directory is not set.',
            );
          }
          const id = parseRepositoryId(ctx.input.owner, ctx.input.name);
          const folder = resolveSafeChildPath(
            ctx.workspacePath,
            ctx.input.sourcePath ?? '.',
          );
          const message = ctx.input.message ?? firstCommitMessage(config);

          const commit = await ctx.checkpoint({
            key: `publish.${id.owner}.${id.name}`,
            fn: async () => {
              // Killed after the rename but before the checkpoint was stored: what is there is ours, from this very task.
              const mark = `Creation: ${ctx.task.id}`;
              if (await repositories.exists(id)) {
                const [first] = await repositories.commits(
                  id,
                  DEFAULT_BRANCH,
                  1,
                );
                const body = await repositories.message(id, first.id);
                if (body.includes(mark)) return first.id;
              }
              const published = await repositories.publish({
                id,
                folder,
                branch: DEFAULT_BRANCH,
                message: `${message}\n\n${mark}`,
                author: {
                  name:
                    config.getOptionalString('scaffolder.defaultAuthor.name') ??
                    'Highroad',
                  email:
                    config.getOptionalString(
                      'scaffolder.defaultAuthor.email',
                    ) ?? 'highroad@example.com',
                },
              });
              return published.commit;
            },
          });
          ctx.logger.info(`Published ${id.owner}/${id.name} at ${commit}`);
          ctx.output('commit', commit);
        },
      ),
  });
}
