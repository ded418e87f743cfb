import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  getGiteaRequestOptions,
  GiteaIntegrationConfig,
} from '@backstage/integration';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { creationMark } from './creationMark';
import { reach } from './request';

const repositorySchema = z.object({
  empty: z.boolean(),
  description: z.string().nullish(),
});

const branchSchema = z.object({ commit: z.object({ id: z.string() }) });

async function read(
  gitea: GiteaIntegrationConfig,
  url: string,
): Promise<unknown> {
  const response = await reach(gitea.host, url, {
    headers: getGiteaRequestOptions(gitea).headers,
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new ServiceUnavailableError(
      `${gitea.host} answered ${response.status} when asked for what was just made at ${url}. Try again.`,
    );
  }
  return response.json();
}

const readRepository = async (
  gitea: GiteaIntegrationConfig,
  baseUrl: string,
  slug: string,
) =>
  repositorySchema.parse(await read(gitea, `${baseUrl}/api/v1/repos/${slug}`));

/** Gitea takes note of a push a moment after it: until then its interface shows no files. */
export async function contentsKnown(
  gitea: GiteaIntegrationConfig,
  baseUrl: string,
  slug: string,
): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { empty } = await readRepository(gitea, baseUrl, slug);
    if (!empty) return;
    if (Date.now() > deadline) {
      throw new ServiceUnavailableError(
        `${gitea.host} still shows ${slug} as empty 10 s after the push. Try again: it is taken up from there.`,
      );
    }
    await sleep(100);
  }
}

/** The newest commit of a branch. */
export async function readCommit(
  gitea: GiteaIntegrationConfig,
  baseUrl: string,
  slug: string,
  branch: string,
): Promise<string> {
  const url = `${baseUrl}/api/v1/repos/${slug}/branches/${branch}`;
  return branchSchema.parse(await read(gitea, url)).commit.id;
}

/**
 * Makes a repository, or finds that this creation, interrupted, has made it already.
 *
 * @returns whether it is filled, by a push of this creation that went through
 * @throws ConflictError if somebody else made it
 * @see https://docs.gitea.com/api/ createOrgRepo, createCurrentUserRepo
 */
export async function makeRepository(
  gitea: GiteaIntegrationConfig,
  baseUrl: string,
  wanted: {
    owner: string;
    creation: string;
    repository: {
      name: string;
      description: string;
      private: boolean;
      default_branch: string;
    };
  },
): Promise<boolean> {
  const { owner, repository } = wanted;
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
  if (response.status === 201) return false;
  const said = (await response.text()).slice(0, 300);
  if (response.status === 404) {
    throw new InputError(
      `${gitea.host} has no organisation "${owner}" in which the portal's user may create repositories.`,
    );
  }
  if (response.status === 409) {
    const slug = `${owner}/${repository.name}`;
    const found = await readRepository(gitea, baseUrl, slug);
    if (found.description === creationMark(wanted.creation)) {
      return !found.empty;
    }
    throw new ConflictError(`${gitea.host} has a repository ${slug} already.`);
  }
  throw new ServiceUnavailableError(
    `${gitea.host} did not create ${owner}/${repository.name}: ${response.status} ${said}`,
  );
}
