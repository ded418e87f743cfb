import { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { ClusterSecrets } from './ClusterSecrets';

describe('a cluster that does not answer in time', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is asked no more: what it was asked for is given up', async () => {
    const { port } = server.address() as AddressInfo;
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      {
        ...{ name: 'test', server: `http://127.0.0.1:${port}` },
        skipTLSVerify: true,
      },
      { name: 'platform', token: 'x' },
    );
    const clusters = new ClusterSecrets({
      access: { config: () => config, names: () => ['test'] },
      callMs: 200,
    });
    const asked = once(server, 'request');
    const read = clusters.read({
      ...{ cluster: 'test', namespace: 'cart-staging', secret: 'cart' },
      ...{ service: 'component:default/cart', environment: 'staging' },
    });
    const [, response] = await asked;
    const givenUp = once(response, 'close');
    await expect(read).rejects.toThrow('It did not answer in time.');
    await givenUp;
  });
});
