import { KubeConfig } from '@kubernetes/client-node';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { ClusterClock } from './ClusterClock';

describe('the clock of a cluster behind a proxy that takes the date away', () => {
  let asked = 0;
  let server: Server;
  const config = new KubeConfig();

  beforeAll(async () => {
    server = createServer((_, response) => {
      asked += 1;
      response.sendDate = false;
      response.setHeader('content-type', 'application/json');
      response.end('{"major":"1","minor":"33"}');
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    config.loadFromClusterAndUser(
      { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: 'test' },
    );
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  });

  it('is the portal’s, and is asked for once a minute all the same', async () => {
    let elapsed = 0;
    const clock = new ClusterClock({
      config: () => config,
      elapsed: () => elapsed,
    });
    for (const at of [0, 1_000, 59_000]) {
      elapsed = at;
      const now = await clock.now();
      expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(10_000);
      expect(asked).toBe(1);
    }
    elapsed = 61_000;
    await clock.now();
    expect(asked).toBe(2);
  });
});
