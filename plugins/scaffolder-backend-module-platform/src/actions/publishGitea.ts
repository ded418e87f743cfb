import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import {
  createTemplateAction,
  initRepoAndPush,
  parseRepoUrl,
} from '@backstage/plugin-scaffolder-node';
import {
  contentsKnown,
  makeRepository,
  readCommit,
} from '../git-hosts/giteaRepositories';
import { firstCommitMessage } from '../service/firstCommitMessage';
import { withRunbook } from '../service/withRunbook';
import { examples } from './publishGitea.examples';

/**
 * Publishes to Gitea or Forgejo. The standard action asks the web page of the new repository, without a sign-in,
 * whether it is there: a private one never is, and each creation waits 20 seconds for nothing.
 */
export function createPublishGiteaAction(options: {
  integrations: ScmIntegrationRegistry;
  config: Config;
}) {
  const { integrations, config } = options;

  return createTemplateAction({
    id: 'platform:publish:gitea',
    description:
      'Creates a repository of an organisation or of the portal’s user on Gitea, and pushes the workspace to it',
    examples,
    supportsDryRun: false,
    schema: {
      input: {
        repoUrl: z =>
          z.string().describe('Such as git.example.com?owner=team&repo=name'),
        description: z => z.string().optional(),
        visibility: z => z.enum(['private', 'public']).default('private'),
        defaultBranch: z => z.string().default('main'),
        sourcePath: z =>
          z
            .string()
            .optional()
            .describe('Folder of the workspace to publish; default: all of it'),
      },
      output: {
        commit: z => z.string().describe('Id of the first commit'),
      },
    },
    handler: ctx =>
      withRunbook(
        () => 'create-repository-failed',
        async () => {
          const { repo, owner, host } = parseRepoUrl(
            ctx.input.repoUrl,
            integrations,
          );
          const gitea = integrations.gitea.byHost(host)?.config;
          if (!gitea || !owner) {
            throw new InputError(
              `repoUrl "${ctx.input.repoUrl}" names no owner on a Gitea under "integrations" in app-config.`,
            );
          }
          const { username, password } = gitea;
          if (!username || !password) {
            throw new InputError(
              `integrations.gitea for ${host} has no username and password; the portal cannot create repositories there.`,
            );
          }
          const baseUrl = gitea.baseUrl ?? `https://${host}`;
          const slug = `${owner}/${repo}`;
          const { defaultBranch } = ctx.input;
          // Not behind a checkpoint: one that says "made" outlives the repository that the end of a failed run takes back.
          const filled = await makeRepository(gitea, baseUrl, {
            owner,
            creation: ctx.task.id,
            repository: {
              name: repo,
              description: ctx.input.description ?? '',
              private: ctx.input.visibility === 'private',
              default_branch: defaultBranch,
            },
          });
          if (!filled) {
            await initRepoAndPush({
              dir: resolveSafeChildPath(
                ctx.workspacePath,
                ctx.input.sourcePath ?? '.',
              ),
              remoteUrl: `${baseUrl}/${slug}.git`,
              auth: { username, password },
              defaultBranch,
              logger: ctx.logger,
              commitMessage: firstCommitMessage(config),
              gitAuthorInfo: {
                name: config.getOptionalString('scaffolder.defaultAuthor.name'),
                email: config.getOptionalString(
                  'scaffolder.defaultAuthor.email',
                ),
              },
            });
            await contentsKnown(gitea, baseUrl, slug);
          }
          const commit = await readCommit(gitea, baseUrl, slug, defaultBranch);
          ctx.logger.info(`Published ${slug} at ${commit}`);
          ctx.output('commit', commit);
        },
      ),
  });
}
