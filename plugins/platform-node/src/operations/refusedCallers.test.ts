import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import express from 'express';
import { createServer, Server } from 'node:http';
import { AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { carOperations } from '../__testUtils__/cars';
import { Gate } from '../access/Gate';
import { MachineAccess } from '../access/MachineAccess';
import { RefusalRecords } from '../access/RefusalRecords';
import { createOperationRouter } from './createOperationRouter';
import { OperationRunner } from './OperationRunner';

const CART = 'component:default/cart';
/** So long is read what a stranger sends, in milliseconds. */
const BODY_MS = 300;

describe('callers who are turned away', () => {
  let server: Server;
  let port: number;
  let refusal: Error;
  let records: Array<{
    meta?: JsonObject;
    path?: string;
    signedInWith?: string;
    error?: string;
  }>;
  let ledger: Promise<void>;

  beforeAll(async () => {
    const logger = mockServices.logger.mock();
    const isEnvironment = () => false;
    const auditor = mockServices.auditor.mock({
      async createEvent({ meta, request }) {
        await ledger;
        const record: (typeof records)[number] = {
          ...{ meta, path: request?.path },
          signedInWith: request?.headers.authorization,
        };
        records.push(record);
        return {
          success: async () => {},
          fail: async ({ error }) => {
            record.error = error.message;
          },
        };
      },
    });
    const { boot, horn } = carOperations;
    const app = express();
    app.use(
      createOperationRouter(
        { boot, horn },
        {
          boot: { handle: async () => ({}) },
          horn: { handle: async () => ({ sound: 'honk' }) },
        },
        {
          ...{ isEnvironment, strangersBodyMs: BODY_MS },
          httpAuth: mockServices.httpAuth.mock({
            credentials: async () => {
              throw refusal;
            },
          }),
          refusals: new RefusalRecords({
            ...{ auditor, logger, eventId: 'refused', door: 'api', most: 1000 },
          }),
          runner: new OperationRunner({
            ...{ auditor, isEnvironment, logger, isProduction: isEnvironment },
            gate: new Gate({
              auth: mockServices.auth(),
              permissions: mockServices.permissions.mock(),
              machines: MachineAccess.fromConfig(new ConfigReader({})),
            }),
          }),
        },
      ),
    );
    app.use(
      MiddlewareFactory.create({
        config: mockServices.rootConfig(),
        logger: mockServices.rootLogger({ level: 'none' }),
      }).error(),
    );
    server = createServer(app);
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  });
  beforeEach(() => {
    records = [];
    ledger = Promise.resolve();
    refusal = new AuthenticationError('Missing credentials');
  });

  const post = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer wrong',
      },
      body: JSON.stringify({ service: CART, key: 'BACK', code: '1234' }),
    });
  /** Records are written beside the answer. */
  const recorded = async () => {
    for (let tries = 0; tries < 200 && !records[0]?.error; tries++) {
      await sleep(25);
    }
    return records;
  };

  it.each([
    [401, new AuthenticationError('wrong: abc'), 'The caller did not sign in.'],
    [
      ...([403, new NotAllowedError('This token (x) is not named.')] as const),
      'This token (x) is not named.',
    ],
  ])(
    'are on record where access would be, by %d',
    async (status, error, said) => {
      refusal = error;
      expect((await post('/v1/boots')).status).toBe(status);
      expect(await recorded()).toEqual([
        {
          meta: {
            key: 'BACK',
            platform: expect.objectContaining({
              ...{ refused: true, service: CART },
              actor: { kind: 'none', ref: 'nobody' },
            }),
          },
          ...{ path: '/v1/boots', error: said },
        },
      ]);
    },
  );

  it('are on no record elsewhere, nor where it is not known who they are', async () => {
    expect((await post('/v1/horn')).status).toBe(401);
    refusal = new Error('It does not answer.');
    expect((await post('/v1/boots')).status).toBe(500);
    await sleep(100);
    expect(records).toEqual([]);
  });

  it('do not wait for the ledger', async () => {
    let go = () => {};
    ledger = new Promise(done => {
      go = done;
    });
    expect((await post('/v1/boots')).status).toBe(401);
    expect(records).toEqual([]);
    go();
    expect(await recorded()).toHaveLength(1);
  });

  it('are answered before they have sent all, and are not listened to for long', async () => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', piece => {
      answer += piece;
    });
    socket.on('error', () => {});
    const closed = new Promise(done => {
      socket.once('close', done);
    });
    socket.write(
      [
        ...['POST /v1/boots HTTP/1.1', 'Host: x', 'Content-Length: 1000'],
        ...['Content-Type: application/json', '', '{"service":'],
      ].join('\r\n'),
    );
    for (let tries = 0; tries < 200 && !answer.includes('401'); tries++) {
      await sleep(10);
    }
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(socket.destroyed).toBe(false);
    await closed;
    expect(await recorded()).toMatchObject([
      { meta: { platform: { refused: true } } },
    ]);
    expect(records[0].meta).not.toHaveProperty('key');
  });
});
