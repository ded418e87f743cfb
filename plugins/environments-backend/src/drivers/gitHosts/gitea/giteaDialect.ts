import { GiteaIntegrationConfig } from '@backstage/integration';
import { z } from 'zod';
import {
  fullNameSchema,
  isSignedWith,
} from '@highroad/plugin-platform-node/git-hosts';
import { Dialect } from '../Dialect';
import { timeSchema } from '../shapes';
import { giteaHint } from './giteaHint';

/** Gitea sends no more, whatever is asked for. */
const PAGE = 50;

const foundSchema = z
  .array(
    z.object({
      number: z.number().int().positive(),
      state: z.enum(['open', 'closed']),
      updated_at: timeSchema,
      repository: z.object({ full_name: fullNameSchema }),
    }),
  )
  .transform(items =>
    items.map(({ number, state, updated_at: updatedAt, repository }) => ({
      ...{ ...repository.full_name, number, state, updatedAt },
    })),
  );

/** Gitea and Forgejo. */
export function giteaDialect(
  config: Pick<GiteaIntegrationConfig, 'host' | 'baseUrl'>,
  webhookSecret: string,
): Dialect {
  const { host, baseUrl = `https://${host}` } = config;
  return {
    host,
    kind: 'gitea',
    pages: baseUrl.replace(/\/$/, ''),
    accept: { json: 'application/json', file: '*/*' },
    files: 'raw',
    openPullRequests: `state=open&sort=oldest&limit=${PAGE}`,
    changes: {
      path: (owner, since) =>
        `/repos/issues/search?${new URLSearchParams({
          ...{ type: 'pulls', state: 'all', owner, since },
          limit: String(PAGE),
        })}`,
      schema: foundSchema,
    },
    comments: { query: {}, paged: false },
    pageSize: PAGE,
    hintIn: giteaHint,

    isSigned: ({ body, header }) =>
      isSignedWith(webhookSecret, body, header('x-gitea-signature')),

    async ownership(client) {
      const { login } = await client.json(
        { path: '/user', about: 'the portal’s user' },
        z.object({ login: z.string() }),
      );
      return ({ user }) => user?.login === login;
    },
  };
}
