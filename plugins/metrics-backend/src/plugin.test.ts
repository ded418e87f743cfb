import { TestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { Key, Measure, METRICS_CHANNEL } from '@highroad/plugin-metrics-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { feedEvent, startMetrics, until } from './__testUtils__/backend';

const CART = 'component:default/cart';
const SUCCESS = 'dev.cdevents.service.deployed.0.2.0';
const FINISHED = 'com.myorg.platform.deployment.finished.1';

const group = (name: string, parent?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name },
  spec: { type: 'team', children: [] },
  relations: [
    ...(parent
      ? [{ type: 'childOf', targetRef: `group:default/${parent}` }]
      : []),
    ...(name === 'shop'
      ? [{ type: 'parentOf', targetRef: 'group:default/cart-team' }]
      : []),
  ],
});
const cart: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart' },
  spec: { type: 'service', owner: 'cart-team' },
  relations: [
    { type: 'ownedBy', targetRef: 'group:default/cart-team' },
    { type: 'partOf', targetRef: 'system:default/sales' },
  ],
};
const entities = [
  ...[cart, group('shop'), group('cart-team', 'shop')],
  group('other'),
];

describe('metrics', () => {
  let backends: TestBackend[] = [];
  afterEach(async () => {
    await Promise.all(backends.map(one => one.stop()));
    backends = [];
  });
  const start = async (options: Parameters<typeof startMetrics>[0] = {}) => {
    const started = await startMetrics({ entities, ...options });
    backends.push(started.backend);
    const measure = async (key: Key, slice?: string): Promise<Measure> => {
      const { keys } = await started.client.summary({ slice });
      return keys.find(one => one.key === key)!.current;
    };
    const deployments = async (slice?: string) => {
      const found = await measure('frequency', slice);
      return found.state === 'value' ? found.n : -1;
    };
    return { ...started, measure, deployments };
  };

  it('shows what the platform deployed within five seconds, to its team, the group around it and its system', async () => {
    const feed = { items: [] as unknown[], works: true };
    const { measure, deployments } = await start({ feed });
    await until(async () => (await deployments()) === 0);
    await until(async () => (await measure('lead-time')).state === 'no-data');
    feed.items.push(
      feedEvent(1, FINISHED, {}),
      feedEvent(2, SUCCESS, {}),
      feedEvent(3, FINISHED, { state: 'failed' }),
      feedEvent(4, FINISHED, { state: 'failed', manifestsDigest: undefined }),
      feedEvent(5, FINISHED, { environment: 'staging', state: 'failed' }),
    );
    await until(async () => (await deployments()) === 1, 5_000);
    for (const slice of [
      CART,
      'group:default/cart-team',
      'group:default/shop',
      'system:default/sales',
    ]) {
      expect([slice, await deployments(slice)]).toEqual([slice, 1]);
    }
    // It has nothing that anybody tells of.
    expect(await deployments('group:default/other')).toBe(-1);
    await expect(deployments('group:default/othr')).rejects.toThrow('404');
    expect(await measure('change-failure-rate')).toMatchObject({
      ...{ value: 0.5, n: 2 },
    });
  });

  it('says "no data" where nothing is connected, and 0 where something is and nothing was', async () => {
    const feed = { items: [], works: false };
    const { measure, client } = await start({ feed });
    const { items } = await until(async () => {
      const sources = await client.sources({});
      return sources.items.some(one => one.problem) && sources;
    });
    expect(items.map(one => one.problem).join()).toContain('cannot be read');
    expect(await measure('frequency')).toMatchObject({ state: 'no-data' });
    feed.works = true;
    await until(async () => {
      const found = await measure('frequency');
      return found.state === 'value' && found.value === 0;
    });
    expect(await measure('change-failure-rate')).toMatchObject({
      ...{ state: 'nothing', why: 'No deployment completed in this time.' },
    });
  });

  it('keeps what it cannot read of the feed where it can be seen, and goes on', async () => {
    const feed = {
      items: [{ seq: 1, type: 'odd' }, feedEvent(2, SUCCESS, {})],
      works: true,
    };
    const { client, deployments } = await start({ feed });
    await until(async () => (await deployments()) === 1);
    const { items } = await client.quarantine({});
    expect(items).toMatchObject([
      { source: '/plugins/deployments', payload: expect.stringMatching('odd') },
    ]);
  });

  it('lists so many sources, those that are not well first, and says how many there are', async () => {
    const { client } = await start({
      entities: [],
      feed: { items: [], works: false },
      config: {
        platform: { metrics: { pagerduty: { webhookSecrets: ['12345678'] } } },
      },
    });
    const failing = await until(async () => {
      const found = await client.sources({ limit: 1 });
      return found.items[0]?.state === 'failing' && found;
    });
    expect(failing).toMatchObject({
      items: [{ source: '/plugins/deployments' }],
      itemsInAll: 2,
    });
    const all = await client.sources({});
    expect(all.items).toHaveLength(2);
    expect(all).not.toHaveProperty('itemsInAll');
    expect(all).not.toHaveProperty('aside');
  });

  it('turns a deployment into a failure by an incident, and closes it by its end', async () => {
    const feed = {
      items: [feedEvent(1, SUCCESS, {})],
      works: true,
    };
    const { client, deployments, measure } = await start({ feed });
    await until(async () => (await deployments()) === 1);
    const say = (id: string, kind: string, after: number) =>
      client.ingest({
        service: CART,
        events: [
          {
            ...{ specversion: '1.0', id, source: '/on-call' },
            type: `dev.cdevents.incident.${kind}.0.2.0`,
            time: new Date(Date.now() + after).toISOString(),
            data: { service: CART, incident: 'i1', title: 'No carts' },
          },
        ],
      });
    await say('1', 'detected', 60_000);
    await until(async () => {
      const found = await measure('recovery');
      return found.state === 'nothing' && found.beside[0].value === 1;
    });
    const { items } = await client.details({ key: 'change-failure-rate' });
    expect(items).toMatchObject([
      {
        ...{ deployment: 'deployment-1', owner: 'group:default/cart-team' },
        why: 'Incident i1 began within the window after it.',
        incidents: [{ incident: 'i1', title: 'No carts' }],
      },
    ]);
    await say('2', 'resolved', 120_000);
    await until(async () => (await measure('recovery')).state === 'value');
    const [{ why }] = (await client.details({ key: 'recovery' })).items;
    expect(why).toMatch(/It was repaired after \d min/);
  });

  it('counts a deployment that a sender of CDEvents tells of as the specification has it', async () => {
    const { client, deployments } = await start();
    const taken = await client.ingest({
      service: CART,
      events: [
        {
          context: {
            version: '0.4.1',
            id: '271069a8-fc18-44f1-b38f-9d70a1695819',
            source: '/event/source/ci',
            type: 'dev.cdevents.service.deployed.0.2.0',
            timestamp: new Date().toISOString(),
          },
          subject: {
            id: 'service/cart',
            source: '/event/source/ci',
            content: {
              environment: { id: 'production' },
              artifactId: 'pkg:oci/cart@sha256%3A0b31b1c02ff458ad',
            },
          },
        },
      ],
    });
    expect(taken).toEqual({ accepted: 1, duplicates: 0, quarantined: [] });
    await until(async () => (await deployments(CART)) === 1);
    const { items } = await client.details({ key: 'frequency' });
    expect(items).toMatchObject([
      { version: 'sha256:0b31b1c02ff458ad', environment: 'production' },
    ]);
  });

  it('tells open pages when numbers or the quarantine are others, and not while nothing changes', async () => {
    const feed = { items: [feedEvent(1, SUCCESS, {})], works: true };
    const { client, deployments, told } = await start({ feed });
    await until(async () => (await deployments()) === 1);
    const quiet = async () => {
      const before = told.length;
      await sleep(1_500);
      return told.length === before;
    };
    await until(quiet);
    const before = told.length;
    feed.items.push(feedEvent(2, SUCCESS, {}));
    // An open page asks half a second later at the latest, or a second after its last answer.
    await until(async () => told.length > before, 3_000);
    expect(await deployments()).toBe(2);
    expect(new Set(told)).toEqual(new Set([METRICS_CHANNEL]));
    expect(await until(quiet)).toBe(true);

    for (const change of [
      () => client.ingest({ service: CART, events: [{ id: 'bad' }] }),
      () => client.replay({}),
      async () => {
        const { items } = await client.quarantine({});
        const ids = items.map(one => one.id);
        await client.dismiss({ ids, reason: 'A test of ours' });
      },
    ]) {
      const said = told.length;
      await change();
      await until(async () => told.length > said, 1_000);
      await until(quiet);
    }
  });

  it('gives the same numbers, and what is behind them, as actions', async () => {
    const feed = { items: [feedEvent(1, SUCCESS, {})], works: true };
    const { act, client, deployments } = await start({ feed });
    await until(async () => (await deployments()) === 1);
    const slice = 'group:default/cart-team';
    const { series } = await client.summary({ slice, bucket: 'week' });
    const { scope: _, ...alone } = await client.series({
      ...{ slice, key: 'frequency', bucket: 'week' },
    });
    expect(series?.[0]).toEqual(alone);
    expect(series).toHaveLength(5);
    const told = await act('summary', { slice });
    expect(told).toEqual(
      JSON.parse(JSON.stringify(await client.summary({ slice }))),
    );
    expect(told).toMatchObject({
      keys: expect.arrayContaining([
        expect.objectContaining({
          key: 'frequency',
          current: expect.objectContaining({ state: 'value', n: 1 }),
        }),
      ]),
    });
    await client.ingest({
      service: CART,
      events: [
        ...['detected', 'resolved'].map((kind, at) => ({
          ...{ specversion: '1.0', id: kind, source: '/on-call' },
          type: `dev.cdevents.incident.${kind}.0.2.0`,
          time: new Date(Date.now() + at * 60_000).toISOString(),
          data: { service: CART, incident: 'i1' },
        })),
        { id: 'bad' },
      ],
    });
    await until(async () => {
      const { items } = await client.incidents({});
      return items[0]?.restoreSeconds !== undefined;
    });
    expect(await act('incidents', { slice })).toMatchObject({
      items: [{ incident: 'i1', counts: true }],
    });
    expect(
      await act('adoption-series', { key: 'golden-path', bucket: 'month' }),
    ).toMatchObject({ key: 'golden-path', points: expect.anything() });
    expect(await act('sources', {})).toMatchObject({ quarantined: 1 });
    expect(await act('quarantine', {})).toMatchObject({
      items: [{ event: 'bad', service: CART }],
    });
    expect(await act('recompute', {})).toMatchObject({
      recompute: { startedAt: expect.anything() },
    });
    await expect(
      act('incidents', { slice: 'user:default/anna' }),
    ).rejects.toThrow('name a group, system or service');
  });

  it('gives Prometheus what is open and how long it takes, of all, each owner, system and environment', async () => {
    const feed = {
      items: [
        feedEvent(1, SUCCESS, {}),
        feedEvent(2, FINISHED, { state: 'failed' }),
        feedEvent(3, SUCCESS, { environment: 'staging' }),
      ],
      works: true,
    };
    const { call, client, deployments } = await start({
      feed,
      config: {
        platform: {
          environments: [{ name: 'staging' }, { name: 'production' }],
        },
      },
    });
    await until(async () => (await deployments()) === 1);
    await client.ingest({
      service: CART,
      events: ['detected', 'resolved'].map((kind, at) => ({
        ...{ specversion: '1.0', id: kind, source: '/on-call' },
        type: `dev.cdevents.incident.${kind}.0.2.0`,
        time: new Date(Date.now() - 7_200_000 + at * 60_000).toISOString(),
        data: { service: CART, incident: 'i1' },
      })),
    });
    const read = async () => (await call('/v1/prometheus')).text();
    const text = await until(async () => {
      const found = await read();
      return found.includes('restore_seconds{owner') && found;
    });
    for (const line of [
      'highroad_delivery_open_failures{owner=""} 1',
      'highroad_delivery_open_failures{owner="group:default/cart-team"} 1',
      'highroad_delivery_restore_seconds{owner="group:default/shop"} 60',
      'highroad_delivery_system_restore_seconds{system="system:default/sales"} 60',
      'highroad_delivery_system_deployments_per_week{system="system:default/sales"} 1',
      'highroad_delivery_environment_deployments_per_week{environment="staging"} 1',
      'highroad_delivery_environment_open_failures{environment="staging"} 0',
      'highroad_delivery_environment_open_failures{environment="production"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(
      /^highroad_delivery_oldest_open_failure_seconds\{owner=""\} \d/m,
    );
    // Nothing is made up.
    expect(text).not.toContain(
      'oldest_open_failure_seconds{environment="staging"}',
    );
    expect(text).not.toContain('lead_time_p75_seconds{');
  });

  it('has nobody’s name in its ledger, answers and exports', async () => {
    const feed = { items: [feedEvent(1, SUCCESS, {})], works: true };
    const { client, call, deployments } = await start({ feed });
    await until(async () => (await deployments()) === 1);
    const csv = await (await call('/v1/export/deployments.csv')).text();
    const lines = await (await call('/v1/export/deployments.jsonl')).text();
    const prometheus = await (await call('/v1/prometheus')).text();
    const adopted = await call(
      '/v1/export/adoption.csv?key=golden-path&counts=true',
    );
    const path = await adopted.text();
    expect(path.split('\r\n')[1]).toMatch(
      /^component:default\/cart,.*,deployment-1,.*,true,This platform made it\.,/,
    );
    expect(prometheus).toMatch(
      /highroad_adoption_golden_path_ratio\{owner="group:default\/cart-team"\} 1$/m,
    );
    for (const wrong of ['slice=component:default/nope', 'environment=nope']) {
      const answer = await call(`/v1/export/deployments.csv?${wrong}`);
      expect([answer.status, await answer.text()]).toEqual([
        404,
        expect.stringContaining('There is no'),
      ]);
    }
    const { items } = await client.details({ key: 'frequency' });
    expect(csv.split('\r\n')[1]).toMatch(
      /^component:default\/cart,production,deployment-1,/,
    );
    expect(JSON.parse(lines)).toMatchObject({ deployment: 'deployment-1' });
    expect(prometheus).toMatch(
      /highroad_delivery_deployments_per_week\{owner="group:default\/cart-team"\} 1$/m,
    );
    expect(prometheus).not.toContain('lead_time_seconds{');
    for (const text of [csv, lines, path, prometheus, JSON.stringify(items)]) {
      expect(text).not.toContain('anna');
    }
  });

  it('shows the example history marked as such, until it is taken out by one call', async () => {
    const { call, client, measure, deployments } = await start({
      config: {
        platform: {
          metrics: {
            exampleHistory: resolvePackagePath(
              '@highroad/plugin-metrics-backend',
              '../../examples/delivery-history.json',
            ),
          },
        },
      },
    });
    await until(async () => {
      const { pending, items } = await client.sources({});
      return pending === 0 && items.some(one => one.example);
    }, 20_000);
    expect(await deployments()).toBeGreaterThan(100);
    expect(await measure('lead-time')).toMatchObject({ state: 'value' });
    const { scope, rows } = await client.teams({});
    expect(scope.example).toBe(true);
    expect(rows.map(one => one.ref)).toContain('group:default/payments-team');
    expect(rows.every(one => one.example)).toBe(true);
    const samples = (await (await call('/v1/prometheus')).text())
      .split('\n')
      .filter(line => line.startsWith('highroad_delivery_'));
    expect(samples.length).toBeGreaterThan(10);
    expect(samples.filter(line => !line.includes('example="true"'))).toEqual(
      [],
    );
    const { items } = await client.details({ key: 'frequency', limit: 3 });
    expect(items.every(one => one.example)).toBe(true);
    expect((await client.removeExample({})).removed).toBeGreaterThan(100);
    await until(async () => (await deployments()) === 0);
    expect((await client.summary({})).scope.example).toBe(false);
  });

  it('refuses a range that ends before it begins, and a cursor that is none', async () => {
    const { client } = await start();
    const why = (asked: Promise<unknown>) =>
      asked.then(
        () => 'nothing',
        error => String(error.cause?.message),
      );
    expect(
      await why(client.summary({ from: '2026-03-02', to: '2026-03-01' })),
    ).toContain('ends before it begins');
    expect(
      await why(client.details({ key: 'frequency', before: 'x' })),
    ).toContain('"next" of the last answer');
    expect(await why(client.summary({ slice: 'user:default/anna' }))).toContain(
      'name a group, system or service',
    );
  });
});
