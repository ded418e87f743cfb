import { z } from 'zod';
import { describeWithSandbox } from '../testing';
import { createWebhooks } from './gitea';
import { giteaRequest } from './giteaApi';

const hooksSchema = z.array(
  z.object({
    active: z.boolean(),
    config: z.object({ url: z.string() }).passthrough(),
    events: z.array(z.string()),
  }),
);

describeWithSandbox('the Git host', ['git-host'], sandbox => {
  it('tells the builder and the portal’s environments and metrics of what happens, once each', async () => {
    const { gitea } = sandbox.connection;
    for (const _ of [1, 2]) await createWebhooks(sandbox.connection);
    const hooks = hooksSchema.parse(
      await giteaRequest(
        gitea,
        'GET',
        `orgs/${gitea.organization}/hooks?limit=50`,
      ),
    );
    const paths = hooks
      .filter(one => one.active && one.events.includes('pull_request'))
      .map(one => new URL(one.config.url).pathname);
    expect(paths.sort()).toEqual([
      `/api/environments/v1/webhooks/${encodeURIComponent(gitea.host)}`,
      '/api/metrics/v1/webhooks/git-hosts',
      '/hooks/gitea',
    ]);
  });
});
