import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  getGiteaRequestOptions,
  GiteaIntegrationConfig,
  ScmIntegrationRegistry,
} from '@backstage/integration';
import {
  createTemplateAction,
  initRepoAndPush,
  parseRepoUrl,
} from '@backstage/plugin-scaffolder-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { z as zod } from 'zod';
import { reach } from '../git-hosts/request';
import { firstCommitMessage } from '../service/firstCommitMessage';
import { withRunbook } from '../service/withRunbook';
import { examples } from './publishGitea.examples';

const repositorySchema = zod.object({ empty: zod.boolean() });

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
          await ctx.checkpoint({
            key: `create.${host}.${owner}.${repo}`,
            fn: () =>
              createRepository(gitea, baseUrl, owner, {
                name: repo,
                description: ctx.input.description ?? '',
                private: ctx.input.visibility === 'private',
                default_branch: ctx.input.defaultBranch,
              }),
          });
          const { commitHash } = await initRepoAndPush({
            dir: resolveSafeChildPath(
              ctx.workspacePath,
              ctx.input.sourcePath ?? '.',
            ),
            remoteUrl: `${baseUrl}/${owner}/${repo}.git`,
            auth: { username, password },
            defaultBranch: ctx.input.defaultBranch,
            logger: ctx.logger,
            commitMessage: firstCommitMessage(config),
            gitAuthorInfo: {
              name: config.getOptionalString('scaffolder.defaultAuthor.name'),
              email: config.getOptionalString('scaffolder.defaultAuthor.email'),
            },
          });
          await contentsKnown(gitea, baseUrl, `${owner}/${repo}`);
          ctx.logger.info(`Published ${owner}/${repo} at ${commitHash}`);
          ctx.output('commit', commitHash);
        },
      ),
  });
}

/** Gitea takes note of a push a moment after it: until then its interface shows no files. */
async function contentsKnown(
  gitea: GiteaIntegrationConfig,
  baseUrl: string,
  slug: string,
): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const response = await fetch(`${baseUrl}/api/v1/repos/${slug}`, {
      headers: getGiteaRequestOptions(gitea).headers,
      signal: AbortSignal.timeout(10_000),
    });
    const { empty } = repositorySchema.parse(await response.json());
    if (!empty) return;
    if (Date.now() > deadline) {
      throw new ServiceUnavailableError(
        `${gitea.host} still shows ${slug} as empty 10 s after the push. Try again: it is taken up from there.`,
      );
    }
    await sleep(100);
  }
}

/** @see https://docs.gitea.com/api/ createOrgRepo, createCurrentUserRepo */
async function createRepository(
  gitea: GiteaIntegrationConfig,
  baseUrl: string,
  owner: string,
  repository: {
    name: string;
    description: string;
    private: boolean;
    default_branch: string;
  },
): Promise<void> {
  const path =
    owner === gitea.username
      ? 'user/repos'
      : `orgs/${encodeURIComponent(owner)}/repos`;
  const response = await reach(gitea.host, `${baseUrl}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      ...getGiteaRequestOptions(gitea).headers,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(repository),
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status === 201) return;
  const said = (await response.text()).slice(0, 300);
  if (response.status === 404) {
    throw new InputError(
      `${gitea.host} has no organisation "${owner}" in which the portal's user may create repositories.`,
    );
  }
  if (response.status === 409) {
    throw new ConflictError(
      `${gitea.host} has a repository ${owner}/${repository.name} already.`,
    );
  }
  throw new ServiceUnavailableError(
    `${gitea.host} did not create ${owner}/${repository.name}: ${response.status} ${said}`,
  );
}
