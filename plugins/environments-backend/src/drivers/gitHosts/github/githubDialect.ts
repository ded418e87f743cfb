import { GithubIntegrationConfig } from '@backstage/integration';
import { z } from 'zod';
import {
  fullNameSchema,
  isSignedWith,
} from '@highroad/plugin-platform-node/git-hosts';
import { Dialect } from '../Dialect';
import { timeSchema } from '../shapes';
import { githubHint } from './githubHint';

const JSON_TYPE = 'application/vnd.github+json';
const PAGE = 100;

/** @see https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests */
const foundSchema = z
  .object({
    items: z.array(
      z.object({
        number: z.number().int().positive(),
        state: z.enum(['open', 'closed']),
        updated_at: timeSchema,
        repository_url: z
          .string()
          .transform(url => url.split('/').slice(-2).join('/'))
          .pipe(fullNameSchema),
      }),
    ),
  })
  .transform(({ items }) =>
    items.map(({ number, state, updated_at: updatedAt, repository_url }) => ({
      ...{ ...repository_url, number, state, updatedAt },
    })),
  );

/** GitHub and GitHub Enterprise. */
export function githubDialect(
  config: Pick<GithubIntegrationConfig, 'host' | 'apps' | 'token'>,
  webhookSecret: string,
): Dialect {
  const { host } = config;
  const apps = new Set((config.apps ?? []).map(({ appId }) => appId));
  return {
    host,
    kind: 'github',
    pages: `https://${host}`,
    accept: { json: JSON_TYPE, file: 'application/vnd.github.raw+json' },
    files: 'contents',
    openPullRequests: `state=open&sort=created&direction=asc&per_page=${PAGE}`,
    changes: {
      path: (owner, since) =>
        `/search/issues?${new URLSearchParams({
          q: `is:pr user:${owner} updated:>=${since}`,
          ...{ sort: 'updated', order: 'desc', per_page: String(PAGE) },
        })}`,
      schema: foundSchema,
    },
    comments: { query: { per_page: String(PAGE) }, paged: true },
    pageSize: PAGE,
    hintIn: githubHint,

    isSigned({ body, header }) {
      const signature = header('x-hub-signature-256');
      return isSignedWith(
        webhookSecret,
        body,
        signature?.startsWith('sha256=') ? signature.slice(7) : undefined,
      );
    },

    /** Tokens of apps have no user; what an app wrote carries its id. */
    async ownership(client) {
      const byApp = apps.size > 0 && !config.token;
      const login = byApp
        ? undefined
        : await client
            .json(
              { path: '/user', accept: JSON_TYPE, about: 'the portal’s user' },
              z.object({ login: z.string() }),
            )
            .then(user => user.login);
      return ({ user, performed_via_github_app }) =>
        (login !== undefined && user?.login === login) ||
        apps.has(performed_via_github_app?.id ?? -1);
    },
  };
}
