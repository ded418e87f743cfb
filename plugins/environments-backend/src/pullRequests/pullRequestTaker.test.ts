import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { mockServices } from '@backstage/backend-test-utils';
import { pullRequestDelivery } from '@highroad/plugin-environments-common';
import {
  createDeliveryRouter,
  RefusalRecords,
} from '@highroad/plugin-platform-node';
import express from 'express';
import { createHmac } from 'node:crypto';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { PullRequestRef } from './PullRequestRef';
import { pullRequestTaker } from './pullRequestTaker';

/** Refusals in a minute that have records of their own. The tests before the last have fewer. */
const MOST = 30;
const SECRET = 'a-secret-of-the-webhooks';

describe('webhooks of Git hosts', () => {
  let server: Server;
  let address: string;
  let wanted: PullRequestRef[];
  let records: { eventId: string; failed: boolean }[];
  let fails: boolean;

  beforeAll(async () => {
    const hosts = PullRequestHosts.fromConfig(
      mockServices.rootConfig({
        data: {
          integrations: {
            github: [{ host: 'github.com', token: 'x' }],
            gitea: [{ host: 'git.example.com:3000', password: 'x' }],
          },
          platform: {
            pullRequests: {
              hosts: ['github.com', 'git.example.com:3000'].map(host => ({
                ...{ host, webhookSecret: SECRET },
              })),
            },
          },
        },
      }),
    );
    const app = express();
    app.use(
      createDeliveryRouter(
        pullRequestDelivery,
        pullRequestTaker({
          hosts,
          want: async ref => {
            if (fails) throw new Error('The database is away.');
            wanted.push(ref);
          },
        }),
        new RefusalRecords({
          ...{ eventId: 'webhook', logger: mockServices.logger.mock() },
          most: MOST,
          auditor: mockServices.auditor.mock({
            createEvent: async ({ eventId }) => {
              const record = { eventId, failed: false };
              records.push(record);
              return {
                success: async () => {},
                fail: async () => {
                  record.failed = true;
                },
              };
            },
          }),
        }),
      ),
    );
    const middleware = MiddlewareFactory.create({
      config: mockServices.rootConfig(),
      logger: mockServices.rootLogger({ level: 'none' }),
    });
    app.use(middleware.error());
    server = createServer(app);
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise(done => server?.close(done));
  });
  beforeEach(() => {
    wanted = [];
    records = [];
    fails = false;
  });

  const payload = JSON.stringify({
    action: 'opened',
    number: 12,
    repository: { full_name: 'acme/cart' },
  });
  const sign = (body: string | Buffer, secret = SECRET) =>
    createHmac('sha256', secret).update(body).digest('hex');
  const github = (
    body: string | Buffer,
    signature = `sha256=${sign(body)}`,
    headers: Record<string, string> = {},
  ) =>
    fetch(`${address}/v1/webhooks/github.com`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-GitHub-Event': 'pull_request',
        ...(signature && { 'X-Hub-Signature-256': signature }),
        ...headers,
      },
      body,
    });

  it('have a pull request looked at, and answer when it will not be forgotten', async () => {
    const response = await github(payload);
    expect(response.status).toBe(202);
    expect(wanted).toEqual([
      { host: 'github.com', owner: 'acme', name: 'cart', number: 12 },
    ]);
    fails = true;
    expect((await github(payload)).status).toBe(500);
  });

  it('are taken from Gitea with its own signature, at the host’s own address', async () => {
    const response = await fetch(
      `${address}/v1/webhooks/${encodeURIComponent('git.example.com:3000')}`,
      {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-Gitea-Event': 'pull_request',
          'X-Gitea-Signature': sign(payload),
        },
        body: payload,
      },
    );
    expect(response.status).toBe(202);
    expect(wanted).toMatchObject([{ host: 'git.example.com:3000' }]);
  });

  it.each([
    ['none', ''],
    ['that of another secret', `sha256=${sign(payload, 'another-secret-x')}`],
    ['that of another body', `sha256=${sign('{}')}`],
    ['one cut short', `sha256=${sign(payload).slice(0, 63)}`],
  ])(
    'are refused and recorded where the signature is %s',
    async (_, signature) => {
      const response = await github(payload, signature);
      expect(response.status).toBe(401);
      expect(wanted).toEqual([]);
      expect(records).toEqual([{ eventId: 'webhook', failed: true }]);
    },
  );

  it('are refused from a host that is not connected', async () => {
    const response = await fetch(`${address}/v1/webhooks/gitlab.com`, {
      method: 'POST',
      headers: { 'X-Gitea-Signature': sign(payload) },
      body: payload,
    });
    expect(response.status).toBe(401);
    expect(records).toHaveLength(1);
  });

  it('are compared byte by byte as they came, whatever type they say they are', async () => {
    const body = Buffer.from(`  ${payload}\n\r\n`);
    const response = await github(body, `sha256=${sign(body)}`, {
      'Content-Type': 'text/plain',
    });
    expect(response.status).toBe(202);
  });

  it('say what is wrong with a signed one that is no delivery', async () => {
    const response = await github('not json');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('application/json');
  });

  it('are not read beyond what a delivery may be', async () => {
    const response = await github(Buffer.alloc(6 * 1024 * 1024, 'x'));
    expect(response.status).toBe(413);
    expect(wanted).toEqual([]);
  });

  it('answer well to what is about something else', async () => {
    const body = JSON.stringify({ zen: 'x' });
    const response = await github(body, `sha256=${sign(body)}`, {
      'X-GitHub-Event': 'ping',
    });
    expect(response.status).toBe(200);
    expect(wanted).toEqual([]);
  });

  it('cannot fill the audit ledger, however many of them come', async () => {
    for (let n = 0; n < 2 * MOST; n++) {
      expect((await github(payload, 'sha256=none')).status).toBe(401);
    }
    expect(records.length).toBeLessThanOrEqual(MOST + 1);
    expect(records.filter(({ failed }) => !failed)).toHaveLength(1);
  });
});
