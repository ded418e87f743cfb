import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import {
  createTemplateAction,
  parseRepoUrl,
} from '@backstage/plugin-scaffolder-node';
import { createPublishGithubAction as createStandardAction } from '@backstage/plugin-scaffolder-backend-module-github';
import { GitHosts } from '../git-hosts/GitHosts';
import { withRunbook } from '../service/withRunbook';
import { examples } from './publishGithub.examples';

/**
 * Publishes to GitHub by the standard action, which remembers for good that it has made the repository: a creation that is
 * retried after it has taken back what it made would push to a repository that is gone. This one looks.
 */
export function createPublishGithubAction(options: {
  integrations: ScmIntegrationRegistry;
  config: Config;
  gitHosts: GitHosts;
}) {
  const { integrations, config, gitHosts } = options;
  const standard = createStandardAction({ integrations, config });

  return createTemplateAction({
    id: 'platform:publish:github',
    description:
      'Creates a repository of an organisation or of the portal’s user on GitHub, and pushes the workspace to it',
    examples,
    supportsDryRun: false,
    schema: {
      input: {
        repoUrl: z =>
          z.string().describe('Such as github.com?owner=team&repo=name'),
        description: z => z.string().optional(),
        visibility: z => z.enum(['private', 'public']).default('private'),
        defaultBranch: z => z.string().default('main'),
        sourcePath: z =>
          z
            .string()
            .optional()
            .describe('Folder of the workspace to publish; default: all of it'),
      },
    },
    handler: ctx =>
      withRunbook(
        () => 'create-repository-failed',
        async () => {
          const { repoUrl, description, visibility, defaultBranch } = ctx.input;
          const { host, owner, repo } = parseRepoUrl(repoUrl, integrations);
          if (!owner) {
            throw new InputError(`repoUrl "${repoUrl}" names no owner.`);
          }
          const gitHost = await gitHosts.get(host);
          const repository = { owner, name: repo };
          const found = await gitHost.inspect(repository, defaultBranch);
          if (found.state === 'used' && found.creation === ctx.task.id) {
            ctx.logger.info(`${owner}/${repo} was pushed before`);
            return;
          }
          await gitHost.discardEmpty(repository, ctx.task.id);
          await standard.handler({
            ...ctx,
            input: {
              ...{ repoUrl, description, defaultBranch },
              repoVisibility: visibility,
              protectDefaultBranch: false,
              deleteBranchOnMerge: true,
              sourcePath: ctx.input.sourcePath,
            },
            output: () => {},
            // What it remembers outlives the repository.
            checkpoint: ({ fn }) => Promise.resolve(fn()),
          });
        },
      ),
  });
}
