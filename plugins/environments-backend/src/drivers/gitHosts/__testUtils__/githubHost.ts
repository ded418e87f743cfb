import { mockServices } from '@backstage/backend-test-utils';
import { PullRequestHosts } from '../PullRequestHosts';
import { PullRequestHost } from '../PullRequestHost';

export const WEBHOOK_SECRET = 'a-secret-of-the-webhooks';

/** The host that app-config describes, for a server at an address. */
export function githubHostAt(address: string): PullRequestHost {
  return PullRequestHosts.fromConfig(
    mockServices.rootConfig({
      data: {
        integrations: {
          github: [
            {
              host: address,
              apiBaseUrl: `http://${address}`,
              token: 'secret-token',
            },
          ],
        },
        platform: {
          pullRequests: {
            hosts: [{ host: address, webhookSecret: WEBHOOK_SECRET }],
          },
        },
      },
    }),
  ).get(address);
}
