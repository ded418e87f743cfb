import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { FiringAlerts, noAlerts } from './FiringAlerts';

const alert = (state: string, namespace: string, alertname: string) => ({
  state,
  activeAt: '2026-11-25T11:00:00Z',
  value: '1e+00',
  labels: { alertname, namespace, severity: 'page' },
  annotations: { summary: `${alertname} of ${namespace}` },
});

describe('alerts that fire', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const known =
        request.url === '/api/v1/alerts' &&
        request.headers.authorization === 'Bearer right';
      response.writeHead(known ? 200 : 401);
      response.end(
        JSON.stringify({
          status: 'success',
          data: {
            alerts: [
              alert('firing', 'cart-staging', 'Slow'),
              alert('pending', 'cart-staging', 'Late'),
              alert('firing', 'other', 'Broken'),
            ],
          },
        }),
      );
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  it('are those of the namespace, without what may come', async () => {
    const alerts = new FiringAlerts({ url, token: 'right' });
    expect(await alerts.firing('cart-staging')).toEqual({
      known: true,
      items: [
        {
          name: 'Slow',
          severity: 'page',
          summary: 'Slow of cart-staging',
          since: '2026-11-25T11:00:00Z',
        },
      ],
    });
  });

  it('are not known, rather than none, where Prometheus does not say', async () => {
    expect(
      await new FiringAlerts({ url, token: 'wrong' }).firing('cart-staging'),
    ).toEqual({
      known: false,
      why: 'Prometheus answered with status 401.',
    });
    const nobody = new FiringAlerts({ url: 'http://127.0.0.1:1' });
    expect(await nobody.firing('cart-staging')).toMatchObject({
      why: 'Prometheus does not answer at http://127.0.0.1:1.',
    });
    expect(await noAlerts.firing('cart-staging')).toMatchObject({
      known: false,
      connect: 'Write its address into platform.prometheus.url.',
    });
  });
});
