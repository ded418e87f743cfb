import { createHmac } from 'node:crypto';
import { Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { startBuilderServer } from './builderServer';

const SECRET = 'the-secret';

describe('the address for deliveries', () => {
  const ask = jest.fn(async () => ({ id: 'the-id' }));
  let server: Server;
  let address: string;

  beforeAll(async () => {
    server = await startBuilderServer({ port: 0, webhookSecret: SECRET, ask });
    const { port } = server.address() as AddressInfo;
    address = `http://127.0.0.1:${port}`;
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));
  beforeEach(() => ask.mockClear());

  const deliver = (body: string, secret = SECRET) =>
    fetch(`${address}/hooks/gitea`, {
      method: 'POST',
      body,
      headers: {
        'X-Gitea-Event': 'push',
        'X-Gitea-Signature': createHmac('sha256', secret)
          .update(body)
          .digest('hex'),
      },
    });
  const push = JSON.stringify({
    ref: 'refs/heads/main',
    after: 'a'.repeat(40),
    repository: { full_name: 'highroad/a' },
  });

  it('takes a signed delivery in before it answers', async () => {
    const response = await deliver(push);
    expect([response.status, await response.text()]).toEqual([202, 'the-id\n']);
    expect(ask).toHaveBeenCalledWith(
      expect.objectContaining({ repository: 'highroad/a' }),
    );
  });

  it('takes nothing in that is signed with another secret', async () => {
    expect((await deliver(push, 'guess')).status).toBe(401);
    expect(ask).not.toHaveBeenCalled();
  });

  it.each([
    ['no JSON', '{'],
    ['another shape', '{"ref":1}'],
  ])('refuses a signed delivery with %s', async (_, body) => {
    expect((await deliver(body)).status).toBe(400);
    expect(ask).not.toHaveBeenCalled();
  });

  it('refuses a delivery that is too large, and lives on', async () => {
    expect((await deliver('x'.repeat(11 * 1024 * 1024))).status).toBe(413);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });

  it('has no other address', async () => {
    expect((await fetch(`${address}/builds`)).status).toBe(404);
  });
});
