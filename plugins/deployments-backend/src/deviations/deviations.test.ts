import {
  mockCredentials,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { PermissionsService } from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { migrate, world } from '../__testUtils__/world';
import { DeliveryStore } from '../database/DeliveryStore';
import { OutboxStore } from '../database/outbox';
import { Environments } from '../service/EnvironmentSettings';
import { deviationImplementations } from './deviationImplementations';
import { readDeviationSettings } from './DeviationSettings';
import { DeviationStore } from './DeviationStore';
import { readUntil } from './until';

const CART = 'component:default/cart';
const ANNA = 'user:default/anna';
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('deviations, on %s', databaseId => {
  let db: Knex;
  let time: Date;
  let store: DeviationStore;

  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
    time = new Date('2026-06-01T12:00:00Z');
    store = new DeviationStore(db, { newId: () => uuidv7(), now: () => time });
  });
  afterEach(() => db.destroy());

  const wanted = {
    guardrail: 'liveness-probe',
    service: CART,
    environment: 'staging',
    reason: 'It restarts itself',
    createdBy: ANNA,
    expiresAt: '2026-06-10T00:00:00.000Z',
  } as const;
  const doing = (allow = true, onChange = () => {}) => {
    const permissions = {
      authorize: jest.fn(async () => [
        { result: allow ? AuthorizeResult.ALLOW : AuthorizeResult.DENY },
      ]),
    } as unknown as PermissionsService;
    return deviationImplementations({
      environments: Environments.fromConfig(
        mockServices.rootConfig({
          data: {
            platform: {
              environments: ['staging', 'production'].map(name => ({
                ...{ name, cluster: 'main' },
              })),
            },
          },
        }),
      ),
      ...{ now: () => time, onChange },
      permissions,
      services: {
        get: async ref => ({ ref, name: 'cart', image: 'i', annotations: {} }),
      },
      settings: { maxDays: 90 },
      store,
    });
  };
  const call = <I>(input: I, kind: 'user' | 'machine' = 'user') => ({
    input,
    credentials: mockCredentials.user(ANNA),
    actor: { kind, ref: kind === 'user' ? ANNA : 'token:ci' } as never,
    door: 'cli' as const,
    correlation: 'c',
    signal: new AbortController().signal,
    decision: { result: AuthorizeResult.ALLOW } as const,
    visible: async () => undefined,
    note: jest.fn(),
  });
  const input = {
    service: 'cart',
    environment: 'staging',
    guardrail: 'liveness-probe' as const,
    reason: 'It restarts itself',
    until: '2026-06-10',
  };

  it('lift until their time is over, and are kept after it', async () => {
    const added = await store.add(wanted);
    expect(added).toMatchObject({ ...wanted, state: 'active' });
    time = new Date('2026-06-10T00:00:00Z');
    expect(await store.of(wanted)).toMatchObject([{ state: 'expired' }]);
    // What is over is in nobody's way.
    const next = await store.add({
      ...wanted,
      expiresAt: '2026-06-20T00:00:00.000Z',
    });
    expect(await store.of(wanted)).toMatchObject([
      { id: next.id, state: 'active' },
      { id: added.id, state: 'expired' },
    ]);
  });

  it('are one at a time for a guardrail, also when two are added at once', async () => {
    const results = await Promise.allSettled([
      store.add(wanted),
      store.add(wanted),
    ]);
    expect(results.filter(one => one.status === 'rejected')).toHaveLength(1);
    await expect(store.add(wanted)).rejects.toThrow(
      /lifted there already, by user:default\/anna until 2026-06-10.*platform deviation end /,
    );
    await store.add({ ...wanted, guardrail: 'limits' });
    await store.add({ ...wanted, environment: 'production' });
  });

  it('can be ended once, and added again then', async () => {
    const { id } = await store.add(wanted);
    expect(await store.end(id, 'user:default/bo')).toMatchObject({
      state: 'ended',
      endedBy: 'user:default/bo',
    });
    expect(await store.end(id, 'user:default/bo')).toBeUndefined();
    await store.add(wanted);
  });

  it('are listed newest first, by state and page by page', async () => {
    const first = await store.add({
      ...wanted,
      expiresAt: '2026-06-02T00:00:00.000Z',
    });
    time = new Date('2026-06-03T00:00:00Z');
    const second = await store.add(wanted);
    const ended = await store.add({ ...wanted, guardrail: 'seccomp' });
    await store.end(ended.id, ANNA);
    const ids = async (rest: Partial<Parameters<typeof store.list>[0]>) =>
      (await store.list({ limit: 10, ...rest })).map(({ id }) => id);
    expect(await ids({})).toEqual([ended.id, second.id, first.id]);
    expect(await ids({ state: ['active'] })).toEqual([second.id]);
    expect(await ids({ state: ['expired', 'ended'] })).toEqual([
      ended.id,
      first.id,
    ]);
    expect(await ids({ before: second.id })).toEqual([first.id]);
    expect(await ids({ environment: 'production' })).toEqual([]);
  });

  it('stand in the feed, without their reasons, and in nobody’s messages', async () => {
    const deliveries = new DeliveryStore(db);
    await deliveries.add('slack');
    const { id } = await store.add(wanted);
    await store.end(id, ANNA);
    const { service } = world(db);
    await service.deploy(
      { service: CART, environment: 'staging' },
      '1.0.0',
      { requestedBy: ANNA, door: 'cli', correlation: 'c' },
      { supersede: false },
    );
    const events = await new OutboxStore(db).read(0, 10);
    expect(events).toMatchObject([
      {
        type: 'com.myorg.platform.deviation.added.1',
        subject: id,
        data: {
          service: CART,
          guardrail: 'liveness-probe',
          expiresAt: wanted.expiresAt,
        },
      },
      { type: 'com.myorg.platform.deviation.ended.1', subject: id },
      { type: 'com.myorg.platform.deployment.requested.1' },
    ]);
    expect(JSON.stringify(events)).not.toContain(wanted.reason);
    const now = time.toISOString();
    const lease = await deliveries.claim('slack', {
      ...{ holder: 'me', now, until: '2026-06-01T13:00:00.000Z' },
    });
    expect(await deliveries.take(lease!, now)).toBe(3);
    expect(await deliveries.due(lease!, now)).toMatchObject([
      { deployment: events[2].subject },
    ]);
  });

  it('are told of to open pages when they are added and ended, once each', async () => {
    const onChange = jest.fn();
    const operation = doing(true, onChange);
    await operation.addDeviation.handle(call(input));
    const [deviation] = await store.list({ limit: 1 });
    expect(onChange).toHaveBeenCalledTimes(1);
    await operation.endDeviation.handle(call({ id: deviation.id }));
    expect(onChange).toHaveBeenCalledTimes(2);
    await expect(
      operation.endDeviation.handle(call({ id: deviation.id })),
    ).rejects.toThrow(/ended already/);
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('are added by people, with what they say noted in the record', async () => {
    const operation = doing();
    const one = call(input);
    expect(await operation.addDeviation.handle(one)).toMatchObject({
      deviation: {
        service: CART,
        createdBy: ANNA,
        expiresAt: '2026-06-10T23:59:59.999Z',
      },
    });
    expect(one.note).toHaveBeenCalledWith(
      expect.objectContaining({ guardrail: 'liveness-probe' }),
    );
    await expect(
      operation.addDeviation.handle(call(input, 'machine')),
    ).rejects.toThrow('Only a person');
    await expect(
      operation.addDeviation.handle(call({ ...input, environment: 'stagin' })),
    ).rejects.toThrow('Did you mean staging?');
  });

  it('are the platform team’s in production', async () => {
    const production = call({ ...input, environment: 'production' });
    await expect(doing(false).addDeviation.handle(production)).rejects.toThrow(
      /production, where only the platform team/,
    );
    // Owners go on ruling over what is not production.
    await doing(false).addDeviation.handle(call(input));
    const { deviation } = (await doing().addDeviation.handle(production)) as {
      deviation: { id: string };
    };
    await expect(
      doing(false).endDeviation.handle(call({ id: deviation.id })),
    ).rejects.toThrow(/only the platform team/);
    await doing().endDeviation.handle(call({ id: deviation.id }));
    await expect(
      doing().endDeviation.handle(call({ id: deviation.id })),
    ).rejects.toThrow(/ended already/);
    await expect(
      doing().endDeviation.handle(call({ id: uuidv7() })),
    ).rejects.toThrow(/no deviation/);
  });
});

describe('when a deviation expires', () => {
  const options = { now: new Date('2026-11-25T10:00:00Z'), maxDays: 90 };

  it.each([
    ['2027-01-31', '2027-01-31T23:59:59.999Z'],
    ['2026-11-25', '2026-11-25T23:59:59.999Z'],
    ['2027-02-23', '2027-02-23T23:59:59.999Z'],
    ['2026-12-01T08:00:00+02:00', '2026-12-01T06:00:00.000Z'],
  ])('%s is taken for %s', (until, at) => {
    expect(readUntil(until, options)).toBe(at);
  });

  it.each([
    ['tomorrow', /no day or time; write one such as 2026-12-25/],
    ['', /no day or time/],
    ['2027-02-31', /no day or time/],
    ['2026-11-24', /is over/],
    ['2027-02-24', /90 days at most, so 2027-02-23 is the last day/],
    ['9999-12-31', /90 days at most/],
  ])('"%s" is refused', (until, why) => {
    expect(() => readUntil(until, options)).toThrow(why);
  });

  it('is bounded by the configuration, whose mistakes stop the start', () => {
    const config = (maxDays: unknown) =>
      mockServices.rootConfig({
        data: {
          platform: { deployments: { deviations: { maxDays } } },
        } as never,
      });
    expect(readDeviationSettings(mockServices.rootConfig())).toEqual({
      maxDays: 90,
    });
    expect(readDeviationSettings(config(30))).toEqual({ maxDays: 30 });
    expect(() => readDeviationSettings(config(0))).toThrow(
      /platform\.deployments\.deviations\.maxDays/,
    );
  });
});
