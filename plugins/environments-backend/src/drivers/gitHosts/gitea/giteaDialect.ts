import { GiteaIntegrationConfig } from '@backstage/integration';
import { z } from 'zod';
import { isSignedWith } from '@highroad/plugin-platform-node/git-hosts';
import { Dialect } from '../Dialect';
import { giteaHint } from './giteaHint';

/** Gitea sends no more, whatever is asked for. */
const PAGE = 50;

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
