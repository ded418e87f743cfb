import {
  GithubCredentialsProvider,
  GithubIntegration,
} from '@backstage/integration';
import { parse } from 'yaml';
import { z } from 'zod';
import { GitHost, RepositoryName, TEMPLATE_RECORD } from './GitHost';
import { creationMark, markedCreation } from './creationMark';
import { askGitHost, requireFound } from './request';

const repositorySchema = z.object({ description: z.string().nullish() });

/** GitHub and GitHub Enterprise, through the integration that the standard actions use. */
export function createGithubGitHost(options: {
  integration: GithubIntegration;
  credentials: GithubCredentialsProvider;
  defaultOwner: string;
}): GitHost {
  const { integration, credentials, defaultOwner } = options;
  const {
    host,
    apiBaseUrl = `https://${host}/api/v3`,
    token,
    apps,
  } = integration.config;
  const connected = Boolean(token || apps?.length);

  const ask = async (
    { owner, name }: RepositoryName,
    path: string,
    accept: string,
    init: { method?: 'PATCH' | 'DELETE'; body?: string } = {},
  ) => {
    const { headers } = await credentials.getCredentials({
      url: `https://${host}/${owner}/${name}`,
    });
    return askGitHost(
      host,
      `${apiBaseUrl}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(
        name,
      )}${path}`,
      {
        ...init,
        headers: {
          ...headers,
          Accept: accept,
          ...(init.body && { 'Content-Type': 'application/json' }),
        },
      },
    );
  };
  const json = 'application/vnd.github+json';
  const raw = 'application/vnd.github.raw+json';

  // GitHub answers 409 "Git Repository is empty." to a request for the commits of an empty repository.
  const isEmpty = async (repository: RepositoryName) =>
    (await ask(repository, '/commits?per_page=1', json)).status === 409;

  const read = async (response: Response) =>
    repositorySchema.parse(await response.json()).description;

  return {
    info: {
      host,
      kind: 'github',
      title: host === 'github.com' ? 'GitHub' : host,
      defaultOwner,
      ...(!connected && {
        problem: `No token for ${host}. Add integrations.github[].token or a GitHub App to app-config.`,
      }),
    },

    addresses: ({ owner, name }, branch) => ({
      url: `https://${host}/${owner}/${name}`,
      cloneUrl: `https://${host}/${owner}/${name}.git`,
      catalogInfoUrl: `https://${host}/${owner}/${name}/blob/${branch}/catalog-info.yaml`,
      repoUrl: `${host}?owner=${owner}&repo=${name}`,
    }),

    async inspect(repository, branch) {
      const found = await ask(repository, '', json);
      if (found.status === 404) return { state: 'absent' };
      const creation = markedCreation(await read(found));
      if (await isEmpty(repository)) return { state: 'empty', creation };
      const record = await ask(
        repository,
        `/contents/${TEMPLATE_RECORD}?ref=${encodeURIComponent(branch)}`,
        raw,
      );
      return {
        ...{ state: 'used', creation },
        ...(record.ok && { record: parse(await record.text()) }),
      };
    },

    async discardEmpty(repository, creation) {
      const found = await ask(repository, '', json);
      if (found.status === 404) return false;
      if ((await read(found)) !== creationMark(creation)) return false;
      if (!(await isEmpty(repository))) return false;
      return (await ask(repository, '', json, { method: 'DELETE' })).ok;
    },

    async describe(repository, description) {
      const body = JSON.stringify({ description });
      const changed = await ask(repository, '', json, {
        method: 'PATCH',
        body,
      });
      requireFound(changed, { host, repository });
    },
  };
}
