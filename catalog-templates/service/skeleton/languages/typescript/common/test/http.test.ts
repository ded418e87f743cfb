import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { createHttpApp } from '../src/runtime/http.ts';
import { createLogger } from '../src/runtime/log.ts';
import { createRegistry } from '../src/runtime/metrics.ts';
import { Unavailable } from '../src/runtime/problem.ts';
import { Readiness } from '../src/runtime/readiness.ts';

let app: FastifyInstance;
let readiness: Readiness;
let log: string[];

beforeEach(() => {
  log = [];
  const logger = createLogger('info', { write: (line) => log.push(line) });
  readiness = new Readiness({}, logger);
  app = createHttpApp({ logger, registry: createRegistry(), readiness });
  app.get('/things/:id', () => ({ found: true }));
  app.post('/things', () => ({ made: true }));
  app.get('/unavailable', () => {
    throw new Unavailable('10.1.2.3 does not answer');
  });
  app.get('/broken', () => {
    throw new Error('the password is hunter2');
  });
});

describe('probes', () => {
  it('/healthz answers 200 also while the process stops', async () => {
    readiness.stop();
    const response = await app.inject('/healthz');
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), { status: 'ok' });
  });

  it('/readyz answers 200, and 503 once the process stops', async () => {
    assert.equal((await app.inject('/readyz')).statusCode, 200);
    readiness.stop();
    const response = await app.inject('/readyz');
    assert.equal(response.statusCode, 503);
    assert.deepEqual(response.json(), {
      status: 'unavailable',
      checks: { shutdown: 'in progress' },
    });
  });
});

describe('metrics', () => {
  it('count requests by the route’s pattern, and leave out probes', async () => {
    await app.inject('/things/1');
    await app.inject('/things/2');
    await app.inject('/nowhere/3');
    await app.inject('/readyz');

    const { body } = await app.inject('/metrics');
    assert.match(body, /http_requests_total{method="GET",route="\/things\/{id}",status="200"} 2/);
    assert.match(body, /http_requests_total{method="GET",route="unmatched",status="404"} 1/);
    assert.match(
      body,
      /http_request_duration_seconds_count{method="GET",route="\/things\/{id}"} 2/,
    );
    assert.doesNotMatch(body, /route="\/readyz"/);
    assert.match(body, /process_cpu_seconds_total/);
  });
});

describe('request ids', () => {
  it('are taken over from the caller, returned and logged', async () => {
    const response = await app.inject({ url: '/things/1', headers: { 'x-request-id': 'abc-1.2' } });
    assert.equal(response.headers['x-request-id'], 'abc-1.2');
    assert.match(log.join(''), /"request_id":"abc-1.2"/);
  });

  for (const given of ['with space', 'a'.repeat(129), 'quote"']) {
    it(`are made anew where the caller’s is ${JSON.stringify(given.slice(0, 12))}`, async () => {
      const response = await app.inject({ url: '/things/1', headers: { 'x-request-id': given } });
      assert.match(String(response.headers['x-request-id']), /^[0-9a-f-]{36}$/);
    });
  }
});

describe('the log', () => {
  it('has one JSON line a request, with time, level and msg, and none for probes', async () => {
    await app.inject('/things/1');
    await app.inject('/healthz');
    assert.equal(log.length, 1);
    const line: unknown = JSON.parse(log[0] ?? '');
    assert.partialDeepStrictEqual(line, {
      level: 'info',
      msg: 'request',
      method: 'GET',
      route: '/things/{id}',
      status: 200,
    });
    assert.match(log[0] ?? '', /"time":"\d{4}-\d\d-\d\dT[\d:.]+Z"/);
  });
});

describe('errors', () => {
  it('are problem documents that carry the request’s id', async () => {
    const response = await app.inject('/nowhere');
    assert.equal(response.statusCode, 404);
    assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
    assert.deepEqual(response.json(), {
      title: 'Not Found',
      status: 404,
      detail: 'There is nothing at this address.',
      requestId: response.headers['x-request-id'],
    });
  });

  it('tell the caller nothing about an unexpected cause, and the log everything', async () => {
    const response = await app.inject('/broken');
    assert.equal(response.statusCode, 500);
    assert.doesNotMatch(response.body, /hunter2/);
    assert.match(log.join(''), /hunter2/);
  });

  it('are 503 where something that the service needs does not answer', async () => {
    const response = await app.inject('/unavailable');
    assert.equal(response.statusCode, 503);
    assert.doesNotMatch(response.body, /10\.1\.2\.3/);
  });

  it('refuse a body of more than 64 KiB', async () => {
    const payload = { text: 'x'.repeat(64 * 1024) };
    const response = await app.inject({ method: 'POST', url: '/things', payload });
    assert.equal(response.statusCode, 413);
  });

  it('refuse a body that is not JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/things', headers, payload: '{' });
    assert.equal(response.statusCode, 400);
  });
});

describe('stopping', () => {
  it(
    'lets a request under way finish, and does not wait for its connection',
    { timeout: 10_000 },
    async () => {
      const gate = Promise.withResolvers<undefined>();
      const arrived = Promise.withResolvers<undefined>();
      app.get('/slow', async () => {
        arrived.resolve(undefined);
        await gate.promise;
        return { done: true };
      });
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      const answer = fetch(`${url}/slow`);
      await arrived.promise;

      readiness.stop();
      const closed = app.close();
      gate.resolve(undefined);
      const response = await answer;
      assert.equal(response.headers.get('connection'), 'close');
      assert.deepEqual(await response.json(), { done: true });
      await closed;
    },
  );
});
