import {
  AuditorServiceCreateEventOptions,
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  createOperationClient,
  SecretValue,
} from '@highroad/plugin-platform-common';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { carOperations, drivePermission } from '../__testUtils__/cars';
import { Call } from './Implementation';
import { operationsServiceRef } from './operationsServiceRef';

const KEY = 'the key of the car';
/** What is secret, and got into a wrong place */
const MARKER = 'marker-7f3a-not-to-be-kept';
const CART = 'component:default/cart';
const USER = mockCredentials.user.header('user:default/anna');
const TOKEN = (subject: string) =>
  mockCredentials.service.header({
    onBehalfOf: mockCredentials.service(subject),
    targetPluginId: 'cars',
  });

interface Recorded {
  options: AuditorServiceCreateEventOptions;
  outcome?: 'succeeded' | 'failed';
  error?: string;
  meta?: object;
}

describe('operations', () => {
  const records: Recorded[] = [];
  const calls: Call[] = [];
  let whileListing: (signal: AbortSignal) => Promise<void>;
  let whileOnTheWay: () => Promise<void> = async () => {};
  let canRecord: (options: AuditorServiceCreateEventOptions) => boolean;
  let decision: PolicyDecision;
  let asked: unknown[] = [];
  let denied: string[] = [];
  let backend: TestBackend;

  const auditor = createServiceFactory({
    service: coreServices.auditor,
    deps: {},
    factory: () => ({
      async createEvent(options) {
        if (!canRecord(options)) {
          throw new ServiceUnavailableError('It cannot be recorded.');
        }
        const record: Recorded = { options };
        records.push(record);
        return {
          success: async params => {
            Object.assign(record, { outcome: 'succeeded', ...params });
          },
          fail: async params => {
            Object.assign(record, {
              outcome: 'failed',
              meta: params.meta,
              error: params.error.message,
            });
          },
        };
      },
    }),
  });
  const permissions = mockServices.permissions.mock({
    authorize: async requests => {
      asked.push(...requests);
      return requests.map(({ permission }) => ({
        result:
          decision.result === AuthorizeResult.CONDITIONAL ||
          denied.includes(permission.name)
            ? AuthorizeResult.DENY
            : decision.result,
      }));
    },
    authorizeConditional: async requests => {
      asked.push(...requests);
      return requests.map(() => decision);
    },
  });
  const cars = createBackendPlugin({
    pluginId: 'cars',
    register(env) {
      env.registerInit({
        deps: { operations: operationsServiceRef },
        async init({ operations }) {
          operations.serve(carOperations, {
            list: {
              handle: async call => {
                calls.push(call);
                await whileListing(call.signal);
                return { items: ['beetle'], asked: call.input, more: 'hidden' };
              },
            },
            drive: {
              handle: async call => {
                calls.push(call);
                call.note({ kilometres: 7 });
                if (call.input.key.reveal() !== KEY) {
                  throw new Error('It does not start.');
                }
                return { driven: call.input.service };
              },
            },
            boot: { handle: async () => ({}) },
            horn: {
              target: async ({ service }) => ({
                service,
                detail: { tones: ['a'] },
                furtherDetails: [{ tones: ['b'] }, { tones: ['c'] }],
              }),
              handle: async call => {
                calls.push(call);
                return { sound: 'honk' };
              },
            },
            trip: {
              handle: async () =>
                (async function* lines() {
                  yield 'begun\n';
                  await whileOnTheWay();
                  yield 'there\n';
                })(),
            },
            log: {
              handle: async ({ input }) =>
                (async function* lines() {
                  yield 'first\n';
                  if (input.broken) throw new Error('The pen is empty.');
                  yield 'second\n';
                })(),
            },
          });
        },
      });
    },
  });

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        cars,
        auditor,
        permissions.factory,
        mockServices.rootConfig.factory({
          data: {
            platform: {
              environments: [
                { name: 'staging' },
                { name: 'live', production: true },
              ],
              access: {
                machines: [
                  {
                    subject: 'ci-cart',
                    services: [CART],
                    environments: ['staging'],
                    operations: ['platform.car.drive', 'platform.car.read'],
                  },
                  { subject: 'reader', services: ['*'] },
                  {
                    ...{ subject: 'driver', services: [CART] },
                    operations: ['platform.car.drive'],
                  },
                  {
                    ...{ subject: 'loud-driver', services: [CART] },
                    operations: ['platform.car.drive', 'platform.car.noise'],
                  },
                ],
              },
            },
          },
        }),
      ],
    });
  });
  afterAll(() => backend.stop());
  beforeEach(() => {
    records.length = 0;
    calls.length = 0;
    asked = [];
    denied = [];
    whileListing = async () => {};
    canRecord = () => true;
    decision = { result: AuthorizeResult.ALLOW };
  });

  const drive = (
    more: object = {},
    headers: Record<string, string> = {},
    service = CART,
  ) =>
    request(backend.server)
      .post(`/api/cars/v1/cars/${encodeURIComponent(service)}/drives`)
      .set({ Authorization: USER, ...headers })
      .send({ environment: 'staging', key: KEY, ...more });
  const horn = (Authorization: string) =>
    request(backend.server)
      .post('/api/cars/v1/horn')
      .set({ Authorization })
      .send({ service: CART });
  const boot = (more: object = {}, Authorization: string = USER) =>
    request(backend.server)
      .post('/api/cars/v1/boots')
      .set({ Authorization })
      .send({ service: CART, key: 'BACK', code: '1234', ...more });
  const get = (path: string, headers: Record<string, string> = {}) =>
    request(backend.server)
      .get(`/api/cars${path}`)
      .set({ Authorization: USER, ...headers });

  describe('reading what is asked', () => {
    it('gives the values of a query their types, and leaves out what the answer does not declare', async () => {
      const { body } = await get('/v1/cars?colour=red&limit=3&electric=false');
      expect(body).toEqual({
        items: ['beetle'],
        asked: { colour: ['red'], limit: 3, electric: false },
      });
    });

    it('names each wrong field, what is wrong and what was probably meant', async () => {
      const { status, body } = await get(
        '/v1/cars?colour=green&limit=99&color=red',
      );
      expect(status).toBe(400);
      expect(body.error.message).toMatch(/colour\.0: .*'red' \| 'blue'/);
      expect(body.error.message).toMatch(/limit: .*50/);
      expect(body.error.message).toMatch(
        /no field "color"; did you mean "colour"\?/,
      );
    });

    it('says what is missing, and takes no body that is no object', async () => {
      const missing = await drive({ key: undefined });
      expect(missing.status).toBe(400);
      expect(missing.body.error.message).toContain('key is missing');
      const list = await request(backend.server)
        .post('/api/cars/v1/horn')
        .set('Authorization', USER)
        .send([CART]);
      expect(list.status).toBe(400);
    });

    it('takes what it is about from the path alone', async () => {
      await drive({ service: 'component:default/other' });
      expect(calls[0].input).toMatchObject({ service: CART });
      expect(asked).toMatchObject([{ resourceRef: CART }]);
    });
  });

  describe('rights', () => {
    it('decides on the service that it is about, and refuses in words', async () => {
      decision = { result: AuthorizeResult.DENY };
      const { status, body } = await drive();
      expect(status).toBe(403);
      expect(body.error.message).toBe(
        `You may not drive a car (of ${CART} in staging): it takes platform.car.drive. Its owners and the platform team may.`,
      );
      expect(asked).toEqual([
        { permission: drivePermission, resourceRef: CART },
      ]);
      expect(calls).toEqual([]);
    });

    it.each([
      [[], undefined],
      [['platform.car.drive'], 'platform.car.drive'],
      [['platform.car.noise'], 'platform.car.noise'],
      [['platform.car.drive', 'platform.car.noise'], 'platform.car.drive'],
    ])(
      'takes all that it names: with %j denied it lacks %s',
      async (without, lacking) => {
        denied = without;
        const { status, body } = await horn(USER);
        expect(status).toBe(lacking ? 403 : 200);
        expect(body.error?.message ?? '').toContain(lacking ?? '');
        expect(calls).toHaveLength(lacking ? 0 : 1);
      },
    );

    it.each([
      ['driver', 403],
      ['loud-driver', 200],
      ['ci-cart', 403],
    ])('takes all that it names of the token %s', async (subject, wanted) => {
      expect((await horn(TOKEN(subject))).status).toBe(wanted);
    });

    it('takes nothing but ALLOW for an allowance', async () => {
      decision = {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'catalog',
        resourceType: 'catalog-entity',
        conditions: { rule: 'X', resourceType: 'catalog-entity' },
      };
      expect((await drive()).status).toBe(403);
    });

    it('hands the conditions of a list on', async () => {
      decision = {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'cars',
        resourceType: 'car',
        conditions: { rule: 'IS_OWNER', resourceType: 'car' },
      };
      expect((await get('/v1/cars')).status).toBe(200);
      expect(calls[0].decision).toEqual(decision);
    });

    it('lets nobody in who is not signed in', async () => {
      for (const path of ['/v1/cars', '/v1/log', '/platform/openapi.json']) {
        const { status } = await get(path, {
          Authorization: mockCredentials.none.header(),
        });
        expect([path, status]).toEqual([path, 401]);
      }
    });

    it('lets a token do what it names, to its service, where it may', async () => {
      const token = { Authorization: TOKEN('ci-cart') };
      expect((await drive({}, token)).status).toBe(200);
      const elsewhere = await drive({ environment: 'live' }, token);
      expect(elsewhere.status).toBe(403);
      expect(elsewhere.body.error.message).toContain(
        'its environments do not name live',
      );
      const other = await drive({}, token, 'component:default/payment');
      expect(other.status).toBe(403);
      expect(other.body.error.message).toContain(
        'its services do not name component:default/payment',
      );
      expect(asked).toEqual([]);
    });

    it('takes another way of writing the same service for the same', async () => {
      const token = { Authorization: TOKEN('ci-cart') };
      const { status } = await drive({}, token, 'Component:Default/CART');
      expect(status).toBe(200);
    });

    it('limits the lists of a token to its services', async () => {
      await get('/v1/cars', { Authorization: TOKEN('ci-cart') });
      expect(calls[0].decision).toEqual({
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'cars',
        resourceType: 'car',
        conditions: {
          rule: 'IS_OF_SERVICE',
          resourceType: 'car',
          params: { services: [CART] },
        },
      });
    });

    it('lets a token do nothing that it does not name, and an unknown token nothing', async () => {
      const reader = await drive({}, { Authorization: TOKEN('reader') });
      expect(reader.status).toBe(403);
      expect(reader.body.error.message).toContain(
        'its operations do not name platform.car.drive',
      );
      const known = await get('/v1/log', {
        Authorization: TOKEN('reader'),
      });
      expect(known.status).toBe(200);
      const unknown = await get('/v1/log', {
        Authorization: TOKEN('stranger'),
      });
      expect(unknown.status).toBe(403);
      expect(unknown.body.error.message).toContain(
        'not named under platform.access.machines',
      );
    });

    it('lets plugins of this backend read, and change only what names them', async () => {
      const plugin = { Authorization: TOKEN('plugin:search') };
      expect((await get('/v1/cars', plugin)).status).toBe(200);
      expect((await drive({}, plugin)).status).toBe(403);
      const named = { Authorization: TOKEN('plugin:garage') };
      expect((await drive({}, named)).status).toBe(200);
    });
  });

  describe('records', () => {
    it('says who did what to which service where, by which door, before and after', async () => {
      await drive(
        { reason: 'the train was late' },
        { 'x-highroad-door': 'cli', 'x-correlation-id': 'trip-000001' },
      );
      expect(records).toMatchObject([
        {
          options: {
            eventId: 'drive',
            severityLevel: 'medium',
            meta: {
              platform: {
                actor: { kind: 'user', ref: 'user:default/anna' },
                door: 'cli',
                service: CART,
                environment: 'staging',
                correlation: 'trip-000001',
                reason: 'the train was late',
              },
            },
          },
          outcome: 'succeeded',
          meta: { kilometres: 7 },
        },
      ]);
    });

    it.each([
      ['a person in a browser', USER, { 'sec-fetch-site': 'none' }, 'portal'],
      ['a program in Node', USER, { 'sec-fetch-mode': 'cors' }, 'api'],
      ['a token', TOKEN('ci-cart'), { 'sec-fetch-site': 'none' }, 'api'],
    ])('tells the door of %s', async (_, Authorization, headers, door) => {
      await get('/v1/cars', { Authorization, ...headers });
      expect(calls.map(call => call.door)).toEqual([door]);
    });

    it('holds nothing that was marked as secret', async () => {
      await drive({ key: 'a wrong key' });
      expect(records).toMatchObject([
        { outcome: 'failed', error: 'It does not start.' },
      ]);
      const { request: incoming, ...told } = records[0].options;
      expect(incoming).toBeDefined();
      expect(JSON.stringify({ ...records[0], options: told })).not.toContain(
        'a wrong key',
      );
      expect(calls[0].input).toMatchObject({ key: expect.any(SecretValue) });
    });

    it('is written for a refusal, and a refusal stands where none can be written', async () => {
      decision = { result: AuthorizeResult.DENY };
      expect((await drive()).status).toBe(403);
      expect(records).toMatchObject([
        {
          options: { meta: { platform: { refused: true, service: CART } } },
          outcome: 'failed',
        },
      ]);
      canRecord = () => false;
      expect((await drive()).status).toBe(403);
    });

    it('is written as often as it takes to name what is refused, and once where it is done', async () => {
      await horn(USER);
      const named = () =>
        records.map(({ options: { meta } }) => [meta?.tones, meta?.platform]);
      expect(named()).toMatchObject([[['a'], { service: CART }]]);
      records.length = 0;
      decision = { result: AuthorizeResult.DENY };
      expect((await horn(USER)).status).toBe(403);
      const platform = { refused: true, service: CART };
      expect(named()).toMatchObject([
        [['a'], platform],
        [['b'], platform],
        [['c'], platform],
      ]);
    });

    it.each([
      ['a key that is none', { key: MARKER }, 'key', {}],
      ['a value that is too large', { code: MARKER }, 'code', { key: 'BACK' }],
      ['a choice that there is not', { size: MARKER }, 'size', { key: 'BACK' }],
      [
        ...(['a field that there is not', { [MARKER]: 1 }] as const),
        ...(['fields that there are not', { key: 'BACK' }] as const),
      ],
    ])(
      'is written where %s is refused, without what was sent',
      async (_, input, wrong, named) => {
        expect((await boot(input)).status).toBe(400);
        const [{ options, outcome, error }] = records;
        expect({ eventId: options.eventId, outcome, error }).toEqual({
          ...{ eventId: 'boot', outcome: 'failed' },
          error: `The request is not valid. It is wrong in ${wrong}.`,
        });
        expect(options.meta).toEqual({
          ...named,
          platform: expect.objectContaining({
            ...{ service: CART, refused: true },
            actor: { kind: 'user', ref: 'user:default/anna' },
          }),
        });
        const { request: incoming, ...told } = options;
        expect(JSON.stringify([told, error])).not.toContain(MARKER);
        canRecord = () => false;
        expect((await boot(input)).status).toBe(400);
      },
    );

    it('is written where a body is refused that is too large or no JSON', async () => {
      const large = await boot({ code: 'x'.repeat(2_000_000) });
      expect(large.status).toBe(400);
      const broken = await request(backend.server)
        .post('/api/cars/v1/boots')
        .set({ Authorization: USER, 'content-type': 'application/json' })
        .send(`{"code": "${MARKER}`);
      expect(broken.status).toBe(400);
      expect(records).toMatchObject([
        { options: { eventId: 'boot' }, outcome: 'failed' },
        { options: { eventId: 'boot' }, outcome: 'failed' },
      ]);
      expect(records.map(({ error }) => error).join()).not.toContain(MARKER);
    });

    it('is written where somebody is refused who did not sign in, with what they name, for the first ones of a minute', async () => {
      const nobody = mockCredentials.none.header();
      for (let count = 0; count < 25; count++) {
        const { status } = await boot({ code: MARKER }, nobody);
        expect(status).toBe(401);
      }
      // They are written beside the answers.
      for (let tries = 0; tries < 100 && !records[19]?.outcome; tries++) {
        await sleep(20);
      }
      expect(records).toHaveLength(21);
      expect(records[0]).toMatchObject({
        options: {
          eventId: 'boot',
          meta: {
            key: 'BACK',
            platform: {
              ...{ actor: { kind: 'none' }, door: 'api' },
              ...{ service: CART, refused: true },
            },
          },
        },
        outcome: 'failed',
      });
      const told = records.map(({ options, ...rest }) => [
        { ...options, request: undefined },
        rest,
      ]);
      expect(JSON.stringify(told)).not.toContain(MARKER);
    });

    it('comes before the effect: what cannot be recorded is not done', async () => {
      canRecord = () => false;
      const { status } = await drive({ environment: 'live' });
      expect(status).toBe(503);
      expect(calls).toEqual([]);
      canRecord = () => true;
      expect((await drive({ environment: 'live' })).status).toBe(200);
      expect(records[0].options.severityLevel).toBe('critical');
    });

    it('sends the pieces of a live stream as they come, and lets nobody gather them', async () => {
      let arrive = () => {};
      whileOnTheWay = () => new Promise<void>(done => (arrive = done));
      const response = await fetch(
        `http://127.0.0.1:${backend.server.port()}/api/cars/v1/trip`,
        {
          headers: {
            authorization: USER,
            'accept-encoding': 'gzip, br',
          },
        },
      );
      expect(response.headers.get('cache-control')).toContain('no-transform');
      expect(response.headers.get('content-encoding')).toBeNull();
      const reader = response.body!.getReader();
      const piece = async () =>
        new TextDecoder().decode((await reader.read()).value);
      expect(await piece()).toBe('begun\n');
      arrive();
      expect(await piece()).toBe('there\n');
      expect((await reader.read()).done).toBe(true);
    });

    it('ends with the stream that it is about', async () => {
      const whole = await get('/v1/log');
      expect(whole.text).toBe('first\nsecond\n');
      expect(whole.headers['content-type']).toContain('application/x-ndjson');
      // What is wrong with its beginning is said instead of it.
      const broken = await get('/v1/log?broken=true');
      expect(broken.status).toBe(500);
      expect(broken.text).not.toContain('first');
      expect(records).toMatchObject([
        { outcome: 'succeeded' },
        { outcome: 'failed', error: 'The pen is empty.' },
      ]);
    });

    it('takes over no correlation id that could do harm', async () => {
      const { headers } = await drive(
        {},
        { 'x-correlation-id': 'a b"<script>' },
      );
      expect(headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  it('describes itself for other programs', async () => {
    const { body } = await get('/platform/openapi.json');
    expect(body.paths['/v1/cars/{service}/drives'].post).toMatchObject({
      operationId: 'drive',
      summary: 'Drive a car',
      parameters: [{ name: 'service', in: 'path', required: true }],
      requestBody: {
        content: {
          'application/json': {
            schema: { required: ['environment', 'key'] },
          },
        },
      },
      'x-highroad-permission': 'platform.car.drive',
      'x-highroad-audit-event': 'cars.drive',
    });
    expect(body.paths['/v1/cars'].get.parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 50, default: 10 },
    });
  });

  const clientOf = (port: number) =>
    createOperationClient(carOperations, {
      fetch: (input, init) =>
        fetch(
          String(input).replace('plugin://', `http://localhost:${port}/api/`),
          {
            ...init,
            headers: { ...init?.headers, Authorization: USER },
          },
        ),
    });

  it('is told when who waits for it has gone', async () => {
    const client = clientOf(backend.server.port());
    const leaving = new AbortController();
    const left = new Promise<void>(done => {
      whileListing = async signal => {
        signal.addEventListener('abort', () => done());
        leaving.abort();
        await left;
      };
    });
    const answer = client.list({}, { signal: leaving.signal });
    await expect(answer).rejects.toThrow(/abort/);
    await left;
  });

  it('is called by its typed client', async () => {
    const client = clientOf(backend.server.port());
    const list = await client.list({ colour: ['red', 'blue'], limit: 2 });
    expect(list.asked).toEqual({ colour: ['red', 'blue'], limit: 2 });
    const driven = await client.drive({
      service: CART,
      environment: 'staging',
      key: KEY,
    });
    expect(driven).toEqual({ driven: CART });
    await expect(
      client.drive({ service: CART, environment: 'staging', key: 'wrong' }),
    ).rejects.toThrow(/500/);
  });
});

describe('actions', () => {
  it('run as by HTTP, with the rights of who calls them', async () => {
    const registry = actionsRegistryServiceMock();
    let denied = 0;
    const refused: object[] = [];
    const backend = await startTestBackend({
      features: [
        createServiceFactory({
          service: actionsRegistryServiceRef,
          deps: {},
          factory: () => registry,
        }),
        mockServices.auditor.mock({
          async createEvent({ eventId, meta }) {
            refused.push({ eventId, meta });
            return { success: async () => {}, fail: async () => {} };
          },
        }).factory,
        mockServices.permissions.mock({
          authorize: async () => {
            denied += 1;
            return [{ result: AuthorizeResult.DENY }];
          },
          authorizeConditional: async () => [{ result: AuthorizeResult.ALLOW }],
        }).factory,
        createBackendPlugin({
          pluginId: 'cars',
          register: env =>
            env.registerInit({
              deps: { operations: operationsServiceRef },
              async init({ operations }) {
                const { boot, horn, list } = carOperations;
                operations.serve(
                  { boot, horn, list },
                  {
                    boot: { handle: async () => ({}) },
                    horn: { handle: async () => ({ sound: 'honk' }) },
                    list: {
                      handle: async ({ door }) => ({ items: [door], asked: 1 }),
                    },
                  },
                );
              },
            }),
        }),
      ],
    });
    const { actions: offered } = await registry.list();
    expect(offered.find(({ name }) => name === 'list')).toMatchObject({
      attributes: { readOnly: true },
      examples: [{ title: 'The red ones', input: { colour: ['red'] } }],
    });
    const credentials = mockCredentials.user();
    const { output } = await registry.invoke({
      id: 'test:list',
      input: { limit: 3 },
      credentials,
    });
    expect(output).toEqual({ items: ['action'], asked: 1 });
    await expect(
      registry.invoke({
        id: 'test:horn',
        input: { service: CART },
        credentials,
      }),
    ).rejects.toThrow(/may not sound the horn/);
    expect(denied).toBe(1);
    refused.length = 0;
    // What the registry itself refused would be on no record.
    await expect(
      registry.invoke({
        id: 'test:boot',
        input: { service: CART, key: 'small letters', code: '1' },
        credentials,
      }),
    ).rejects.toThrow(/key: use capitals/);
    expect(refused).toMatchObject([
      { eventId: 'boot', meta: { platform: { door: 'action' } } },
    ]);
    await backend.stop();
  });
});
