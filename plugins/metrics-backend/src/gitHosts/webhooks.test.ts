import { TestBackend } from '@backstage/backend-test-utils';
import { createHmac } from 'node:crypto';
import { startMetrics, until } from '../__testUtils__/backend';
import { GithubHistory, GITHUB_TOKEN } from './__testUtils__/GithubHistory';

const SECRET = 'a-secret-of-the-webhooks';

describe('webhooks of Git hosts', () => {
  let backend: TestBackend | undefined;
  const github = new GithubHistory();
  let host: string;

  beforeAll(async () => {
    host = await github.start();
  });
  afterAll(async () => {
    await backend?.stop();
    await github.stop();
  });

  it('have a repository looked into at once, and are refused without a fitting signature', async () => {
    const started = await startMetrics({
      entities: [
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: {
            ...{ name: 'cart', namespace: 'default' },
            annotations: {
              'backstage.io/managed-by-location': `url:https://${host}/acme/cart/blob/main/catalog-info.yaml`,
            },
          },
        },
      ],
      config: {
        integrations: {
          github: [{ host, apiBaseUrl: `http://${host}`, token: GITHUB_TOKEN }],
        },
        platform: {
          pullRequests: { hosts: [{ host, webhookSecret: SECRET }] },
        },
      },
    });
    ({ backend } = started);
    const send = async (repository: string, secret = SECRET) => {
      const body = JSON.stringify({
        action: 'closed',
        repository: { html_url: repository },
      });
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      const response = await fetch(`${started.base}/v1/webhooks/git-hosts`, {
        method: 'POST',
        headers: { 'X-Hub-Signature-256': `sha256=${signature}` },
        body,
      });
      return { status: response.status, body: await response.json() };
    };
    const cart = `https://${host}/acme/cart`;
    // It is looked into at first by itself, and not again for a minute.
    await until(async () => github.asked.length > 0);
    const before = github.asked.length;
    expect((await send(cart, 'another-secret-of-some')).status).toBe(401);
    expect(await send('https://elsewhere.test/acme/cart')).toMatchObject({
      ...{ status: 202, body: { read: false } },
    });
    expect(await send(`https://${host}/acme/unknown`)).toMatchObject({
      ...{ status: 202, body: { read: false } },
    });
    expect(github.asked).toHaveLength(before);
    expect(await send(cart)).toMatchObject({
      ...{ status: 202, body: { read: true } },
    });
    await until(async () => github.asked.length > before);
  });
});
