import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import express from 'express';
import createPromiseRouter from 'express-promise-router';
import { createServer, request as ask, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { guardProxy } from './guardProxy';

const LOG = '/api/v1/namespaces/cart-staging/pods/cart-7d9f.x/log';

describe('the proxy to clusters', () => {
  let server: Server;
  let port: number;
  let operates: boolean;
  let records: { severity?: string; refused: boolean; outcome?: string }[];
  let isWritable: boolean;

  beforeAll(async () => {
    const app = express();
    const router = createPromiseRouter();
    router.use(
      '/proxy',
      guardProxy({
        logger: mockServices.logger.mock(),
        auditor: mockServices.auditor.mock({
          createEvent: async ({ severityLevel, meta }) => {
            if (!isWritable && severityLevel === 'critical') {
              throw new ServiceUnavailableError('It cannot be recorded.');
            }
            const record: (typeof records)[number] = {
              ...{
                severity: severityLevel,
                refused: 'platform' in (meta ?? {}),
              },
            };
            records.push(record);
            const end = (outcome: string) => async () => {
              record.outcome = outcome;
            };
            return { success: end('done'), fail: end('failed') };
          },
        }),
        httpAuth: mockServices.httpAuth({
          defaultCredentials: mockCredentials.user(),
        }),
        permissions: mockServices.permissions.mock({
          authorize: async ([{ permission }]) => [
            {
              result:
                operates && permission.name === 'platform.cluster.operate'
                  ? AuthorizeResult.ALLOW
                  : AuthorizeResult.DENY,
            },
          ],
        }),
      }),
    );
    router.use('/proxy', (_, response) => {
      response.status(299).end();
    });
    app.use(router);
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
  afterAll(() => new Promise(done => server.close(done)));
  beforeEach(() => {
    operates = false;
    isWritable = true;
    records = [];
  });

  /** The path goes out as it is written: fetch would tidy it. */
  const send = (method: string, path: string, headers = {}) =>
    new Promise<{ status?: number; text: string }>((resolve, reject) => {
      const sent = ask(
        { host: '127.0.0.1', port, method, path: `/proxy${path}`, headers },
        answer => {
          const pieces: string[] = [];
          answer.on('data', piece => pieces.push(String(piece)));
          answer.on('end', () =>
            resolve({ status: answer.statusCode, text: pieces.join('') }),
          );
        },
      );
      sent.once('error', reject);
      sent.end();
    });

  it('gives the logs of pods', async () => {
    expect((await send('GET', `${LOG}?follow=true`)).status).toBe(299);
    expect(records).toEqual([]);
  });

  it.each([
    '/api/v1/namespaces/cart-staging/secrets/database',
    '/api/v1/secrets?limit=500',
    '/api/v1/watch/namespaces/cart-staging/%73ecrets',
  ])('reads no secret at %s that cannot be recorded', async path => {
    operates = true;
    isWritable = false;
    expect((await send('GET', path)).status).toBe(503);
    isWritable = true;
    expect((await send('GET', path)).status).toBe(299);
    expect(records).toEqual([
      expect.objectContaining({ severity: 'critical', outcome: 'done' }),
    ]);
  });

  it('changes nothing that cannot be recorded, and records the rest before and after', async () => {
    const pod = LOG.replace('/log', '');
    operates = true;
    isWritable = false;
    expect((await send('DELETE', pod)).status).toBe(503);
    // Reading goes on.
    expect((await send('GET', pod)).status).toBe(299);
    isWritable = true;
    expect((await send('DELETE', pod)).status).toBe(299);
    expect(records).toMatchObject([
      { severity: 'high', refused: false, outcome: 'done' },
      { severity: 'critical', refused: false, outcome: 'done' },
    ]);
  });

  it.each([
    ['DELETE', LOG],
    ['POST', LOG],
    ['GET', LOG.replace('/log', '')],
    ['DELETE', LOG.replace('/log', '')],
    ['GET', LOG.replace('/log', '/exec?command=sh')],
    ['GET', `${LOG}/../../../secrets/x/log`],
    ['GET', '/api/v1/namespaces/cart/pods/../secrets/log'],
    ['GET', '/api/v1/namespaces/cart/pods/..%2f..%2fsecrets/log'],
    ['GET', '/api/v1/namespaces/cart/secrets/log'],
    ['GET', `//x${LOG}`],
  ])('gives nothing else: %s %s', async (method, path) => {
    const { status, text } = await send(method, path);
    expect(status).toBe(403);
    expect(text).toContain('may read the logs of pods');
    expect(records).toEqual([
      { severity: 'high', refused: true, outcome: 'failed' },
    ]);
    operates = true;
    expect((await send(method, path)).status).toBe(299);
  });

  it('gives no channel into a pod in the name of its logs', async () => {
    const upgraded = await send('GET', LOG, {
      ...{ Connection: 'Upgrade', Upgrade: 'websocket' },
    });
    expect(upgraded.status).toBe(403);
  });

  it('leaves to the cluster what comes with a token of one’s own', async () => {
    const { status } = await send('GET', '/api/v1/pods', {
      'Backstage-Kubernetes-Authorization': 'Bearer mine',
    });
    expect(status).toBe(299);
  });
});
