import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { startClusterProxy } from './clusterProxy';

describe('an address that leads to a cluster', () => {
  let cluster: Server;
  let seen: { url?: string; method?: string; headers: object; body: string }[];
  let proxy: Awaited<ReturnType<typeof startClusterProxy>>;

  beforeEach(async () => {
    seen = [];
    cluster = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      seen.push({
        url: req.url,
        method: req.method,
        headers: req.headers,
        body,
      });
      res.writeHead(201, { 'Content-Type': 'application/json' }).end('{"a":1}');
    });
    await new Promise<void>(done => {
      cluster.listen(0, '127.0.0.1', () => done());
    });
    const { port } = cluster.address() as AddressInfo;
    proxy = await startClusterProxy({
      server: `http://127.0.0.1:${port}/clusters/one/`,
      token: 'portal',
      authorize: async request => {
        request.headers = {
          ...request.headers,
          Authorization: 'Bearer of-the-kubeconfig',
        };
      },
    });
  });
  afterEach(async () => {
    await proxy.close();
    cluster.closeAllConnections();
    await new Promise(done => cluster.close(done));
  });

  it('passes requests on with the credentials of the kubeconfig, below its path', async () => {
    const response = await fetch(`${proxy.address}/api/v1/pods?limit=1`, {
      method: 'POST',
      headers: { Authorization: 'Bearer portal', Accept: 'application/json' },
      body: '{"b":2}',
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ a: 1 });
    expect(seen).toEqual([
      expect.objectContaining({
        url: '/clusters/one/api/v1/pods?limit=1',
        method: 'POST',
        body: '{"b":2}',
        headers: expect.objectContaining({
          authorization: 'Bearer of-the-kubeconfig',
          accept: 'application/json',
        }),
      }),
    ]);
  });

  it.each([undefined, 'Bearer wrong!', 'Bearer portal2', 'portal'])(
    'lets nobody through with %s',
    async authorization => {
      const response = await fetch(`${proxy.address}/api`, {
        headers: authorization ? { Authorization: authorization } : {},
      });
      expect(response.status).toBe(401);
      expect(seen).toEqual([]);
    },
  );

  it('says that the cluster does not answer', async () => {
    cluster.closeAllConnections();
    await new Promise(done => cluster.close(done));
    const response = await fetch(`${proxy.address}/api`, {
      headers: { Authorization: 'Bearer portal' },
    });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      message: expect.stringContaining('does not answer'),
    });
  });
});
