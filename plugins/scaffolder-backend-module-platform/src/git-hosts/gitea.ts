import {
  GiteaIntegration,
  getGiteaRequestOptions,
} from '@backstage/integration';
import { parse } from 'yaml';
import { z } from 'zod';
import { Availability } from './Availability';
import { GitHost, RepositoryName, TEMPLATE_RECORD } from './GitHost';
import { creationMark, markedCreation } from './creationMark';
import { askGitHost, requireAnswer, requireFound } from './request';

const repositorySchema = z.object({
  empty: z.boolean(),
  description: z.string().nullish(),
});

/** Gitea and Forgejo, through the integration that the standard actions use. */
export function createGiteaGitHost(options: {
  integration: GiteaIntegration;
  defaultOwner: string;
  title: string;
}): GitHost {
  const { integration, defaultOwner, title } = options;
  const { host, baseUrl = `https://${host}`, password } = integration.config;
  const { headers } = getGiteaRequestOptions(integration.config);

  const ask = (
    { owner, name }: RepositoryName,
    path = '',
    init: { method?: 'PATCH' | 'DELETE'; body?: string } = {},
  ) =>
    askGitHost(
      host,
      `${baseUrl}/api/v1/repos/${encodeURIComponent(
        owner,
      )}/${encodeURIComponent(name)}${path}`,
      {
        ...init,
        headers: {
          ...headers,
          Accept: 'application/json',
          ...(init.body && { 'Content-Type': 'application/json' }),
        },
      },
    );

  const read = async (response: Response) =>
    repositorySchema.parse(await response.json());

  // A Gitea on the same machine may still be starting, or not have the portal's user yet.
  const availability = new Availability(async () => {
    await requireAnswer(host, `${baseUrl}/api/v1/user`, {
      ...headers,
      Accept: 'application/json',
    });
  });

  return {
    unavailable: () => availability.problem(),

    info: {
      host,
      kind: 'gitea',
      title,
      defaultOwner,
      ...(!password && {
        problem: `No token for ${host}. Add integrations.gitea[].username and password (a token) to app-config.`,
      }),
    },

    addresses: ({ owner, name }, branch) => ({
      url: `${baseUrl}/${owner}/${name}`,
      cloneUrl: `${baseUrl}/${owner}/${name}.git`,
      catalogInfoUrl: `${baseUrl}/${owner}/${name}/src/branch/${branch}/catalog-info.yaml`,
      repoUrl: `${host}?owner=${owner}&repo=${name}`,
    }),

    async inspect(repository, branch) {
      const found = await ask(repository);
      if (found.status === 404) return { state: 'absent' };
      const { empty, description } = await read(found);
      const creation = markedCreation(description);
      if (empty) return { state: 'empty', creation };
      const record = await ask(
        repository,
        `/raw/${TEMPLATE_RECORD}?ref=${encodeURIComponent(branch)}`,
      );
      return {
        ...{ state: 'used', creation },
        ...(record.ok && { record: parse(await record.text()) }),
      };
    },

    async discardEmpty(repository, creation) {
      const found = await ask(repository);
      if (found.status === 404) return false;
      const { empty, description } = await read(found);
      if (!empty || description !== creationMark(creation)) return false;
      // Gitea takes note of a push a moment after it; Git itself knows at once.
      const references = await askGitHost(
        host,
        `${baseUrl}/${repository.owner}/${repository.name}.git/info/refs?service=git-upload-pack`,
        { headers: { ...headers } },
      );
      if ((await references.text()).includes('refs/heads/')) return false;
      return (await ask(repository, '', { method: 'DELETE' })).ok;
    },

    async describe(repository, description) {
      const body = JSON.stringify({ description });
      const changed = await ask(repository, '', { method: 'PATCH', body });
      requireFound(changed, { host, repository });
    },
  };
}
