import { TestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { createHmac } from 'node:crypto';
import {
  FakeFeed,
  feedEvent,
  startMetrics,
  until,
} from '../__testUtils__/backend';
import { isSigned } from './isSigned';

const SECRET = 'a-secret-of-the-webhooks';
const sign = (body: string, secret = SECRET) =>
  `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;

const component = (name: string, id?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    ...(id && { annotations: { 'pagerduty.com/service-id': id } }),
  },
  spec: { type: 'service' },
});

const delivery = (kind: string, service: string, at: Date) =>
  JSON.stringify({
    event: {
      id: `${kind}-${service}-${at.getTime()}`,
      event_type: `incident.${kind}`,
      resource_type: 'incident',
      occurred_at: at.toISOString(),
      agent: { id: 'P1', summary: 'Anna Somebody', type: 'user_reference' },
      data: {
        ...{ id: 'Q1', type: 'incident', title: 'No carts' },
        html_url: 'https://acme.pagerduty.com/incidents/Q1',
        service: { id: service, summary: 'Cart' },
        assignees: [{ summary: 'Anna Somebody' }],
      },
    },
  });

describe('signatures of PagerDuty', () => {
  const body = Buffer.from('{}');
  it('fit one of the secrets, of one of the signatures, over the very bytes', () => {
    const fits = sign('{}');
    expect(isSigned(body, fits, ['another-secret', SECRET])).toBe(true);
    expect(isSigned(body, `v1=00, ${fits}`, [SECRET])).toBe(true);
    expect(isSigned(Buffer.from('{ }'), fits, [SECRET])).toBe(false);
    expect(isSigned(body, fits, [])).toBe(false);
    expect(isSigned(body, undefined, [SECRET])).toBe(false);
    expect(isSigned(body, fits.replace('v1', 'v0'), [SECRET])).toBe(false);
    expect(isSigned(body, 'v1=', [SECRET])).toBe(false);
  });
});

describe('webhooks of PagerDuty', () => {
  let backend: TestBackend | undefined;
  afterEach(() => backend?.stop());

  const start = async (
    options: {
      environments?: object[];
      deployed?: string[];
      feed?: FakeFeed;
    } = {},
  ) => {
    const { environments, deployed = ['production'] } = options;
    const started = await startMetrics({
      feed: options.feed ?? {
        items: deployed.map((environment, at) =>
          feedEvent(at + 1, 'dev.cdevents.service.deployed.0.2.0', {
            environment,
            endedAt: new Date(Date.now() - 60_000 + at * 1_000).toISOString(),
          }),
        ),
        works: true,
      },
      entities: [component('cart', 'PCART'), component('stock')],
      config: {
        platform: {
          ...(environments && { environments }),
          metrics: { pagerduty: { webhookSecrets: [SECRET] } },
        },
      },
    });
    backend = started.backend;
    const send = (body: string, signature = sign(body)) =>
      fetch(`${started.base}/v1/webhooks/pagerduty`, {
        method: 'POST',
        headers: { 'X-PagerDuty-Signature': signature },
        body,
      });
    const failed = async () => {
      const { items } = await started.client.details({ key: 'recovery' });
      return items[0];
    };
    return { ...started, send, failed };
  };

  it('turn a deployment into a failure within seconds, and close it', async () => {
    const { send, failed, client } = await start();
    await until(
      async () => (await client.details({ key: 'frequency' })).items[0],
    );
    const at = (ms: number) => new Date(Date.now() + ms);
    const { status } = await send(delivery('triggered', 'PCART', at(1_000)));
    expect(status).toBe(202);
    const open = await until(failed);
    expect(open).toMatchObject({
      ...{ deployment: 'deployment-1', counts: false },
      incidents: [{ title: 'No carts', url: expect.stringContaining('Q1') }],
    });
    await send(delivery('resolved', 'PCART', at(61_000)));
    await until(async () => (await failed()).counts);
    await send(delivery('reopened', 'PCART', at(121_000)));
    await until(async () => !(await failed()).counts);
    const end = delivery('resolved', 'PCART', at(181_000));
    await send(end);
    await until(async () => (await failed()).counts);
    // PagerDuty sends again what it is not sure of.
    expect((await send(end)).status).toBe(202);
    expect((await client.sources({})).quarantined).toBe(0);
  });

  it.each([
    ['called otherwise', [{ name: 'prod', production: true }], ['prod'], 1],
    [
      'in several environments, of the one that was deployed to last',
      [
        { name: 'prod-eu', production: true },
        { name: 'prod-us', production: true },
        { name: 'staging' },
      ],
      ['prod-us', 'prod-eu', 'prod-us', 'staging'],
      3,
    ],
  ])(
    'are of production where it is %s',
    async (_, environments, deployed, blamed) => {
      const { send, failed, client } = await start({ environments, deployed });
      await until(async () => {
        const { items } = await client.details({ key: 'frequency' });
        return (
          items.length === deployed.filter(one => one !== 'staging').length
        );
      });
      const at = (ms: number) => new Date(Date.now() + ms);
      const begin = delivery('triggered', 'PCART', at(1_000));
      await send(begin);
      expect(await until(failed)).toMatchObject({
        ...{ deployment: `deployment-${blamed}`, counts: false },
        incidents: [{ title: 'No carts' }],
      });
      await send(delivery('resolved', 'PCART', at(61_000)));
      await until(async () => (await failed()).counts);
      // What comes again says the same.
      await send(begin);
      expect((await client.sources({})).quarantined).toBe(0);
    },
  );

  it('are of the production that was deployed to last, also where that is told later than the incident', async () => {
    const feed: FakeFeed = { items: [], works: true };
    const { send, failed, client } = await start({
      feed,
      environments: [
        { name: 'prod-eu', production: true },
        { name: 'prod-us', production: true },
      ],
    });
    const tell = (environment: string, agoMs: number) =>
      feed.items.push(
        feedEvent(
          feed.items.length + 1,
          'dev.cdevents.service.deployed.0.2.0',
          {
            environment,
            endedAt: new Date(Date.now() - agoMs).toISOString(),
          },
        ),
      );
    tell('prod-eu', 120_000);
    await until(
      async () => (await client.details({ key: 'frequency' })).items[0],
    );
    await send(delivery('triggered', 'PCART', new Date(Date.now() - 30_000)));
    expect(await until(failed)).toMatchObject({ environment: 'prod-eu' });
    // It had finished before, and its pipeline was slow to say so.
    tell('prod-us', 60_000);
    await until(async () => (await failed()).environment === 'prod-us');
    expect((await client.details({ key: 'recovery' })).items).toHaveLength(1);
    await send(delivery('resolved', 'PCART', new Date()));
    await until(async () => (await failed()).counts);
  });

  it('count however long their title is, and where they have no page', async () => {
    const { send, failed, client } = await start();
    await until(
      async () => (await client.details({ key: 'frequency' })).items[0],
    );
    const at = new Date(Date.now() + 1_000);
    const body = JSON.parse(delivery('triggered', 'PCART', at));
    body.event.data.title = `${'x'.repeat(499)}👍${'x'.repeat(500)}\0`;
    body.event.data.html_url = '';
    await send(JSON.stringify(body));
    expect((await until(failed)).incidents).toMatchObject([
      { title: 'x'.repeat(499) },
    ]);
    expect((await client.sources({})).quarantined).toBe(0);
  });

  it('are refused without a fitting signature, and nothing of them is kept', async () => {
    const { send, client } = await start();
    const body = delivery('triggered', 'PCART', new Date());
    expect((await send(body, sign(body, 'another-secret'))).status).toBe(401);
    expect((await send(body, '')).status).toBe(401);
    expect((await client.sources({})).quarantined).toBe(0);
    expect(
      (await client.sources({})).items.find(one => one.source === '/pagerduty'),
    ).toMatchObject({ events: 0, state: 'waiting' });
  });

  it('wait in the quarantine, without names of people, until the catalog knows the service', async () => {
    const { send, client } = await start();
    await send(delivery('triggered', 'PNONE', new Date()));
    await send('no JSON');
    await send(delivery('acknowledged', 'PCART', new Date()));
    const { items } = await client.quarantine({});
    expect(items.map(one => one.reason).sort()).toEqual([
      'it is no delivery of version 3: the event is missing. Nothing else of it is kept, so have PagerDuty send it again',
      'no service in the catalog has the annotation pagerduty.com/service-id: PNONE',
    ]);
    expect(JSON.stringify(items)).not.toContain('Anna');
    expect(await client.replay({})).toEqual({ accepted: 0, remaining: 2 });
  });
});
