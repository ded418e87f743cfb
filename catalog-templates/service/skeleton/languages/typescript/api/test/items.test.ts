import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { MemoryItemStore } from '../src/items/memory-store.ts';
import { createRegistry } from '../src/runtime/metrics.ts';
import { Readiness } from '../src/runtime/readiness.ts';

const UNKNOWN = '01890a5d-ac96-774b-bcce-b302099a8057';
let app: FastifyInstance;

beforeEach(async () => {
  const logger = pino({ level: 'silent' });
  const readiness = new Readiness({}, logger);
  app = await createApp({ logger, registry: createRegistry(), readiness }, new MemoryItemStore());
});

const create = (payload: object) => app.inject({ method: 'POST', url: '/v1/items', payload });

describe('items', () => {
  it('can be created, read and deleted', async () => {
    const created = await create({ name: 'first' });
    assert.equal(created.statusCode, 201);
    const location = String(created.headers.location);

    const read = await app.inject(location);
    assert.deepEqual(read.json(), created.json());
    assert.equal(read.json<{ name: string }>().name, 'first');

    assert.equal((await app.inject({ method: 'DELETE', url: location })).statusCode, 204);
    assert.equal((await app.inject(location)).statusCode, 404);
  });

  it('are listed page by page, oldest first', async () => {
    for (const name of ['a', 'b', 'c']) await create({ name });

    const first = await page('/v1/items?limit=2');
    assert.deepEqual(first.names, ['a', 'b']);
    const second = await page(`/v1/items?limit=2&after=${first.next ?? ''}`);
    assert.deepEqual(second, { names: ['c'], next: undefined });
  });

  it('are listed 50 at a time where no other number is asked for', async () => {
    for (let n = 0; n < 51; n++) await create({ name: `item ${String(n)}` });
    assert.equal((await page('/v1/items')).names.length, 50);
  });

  it('that do not exist are not found', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const response = await app.inject({ method, url: `/v1/items/${UNKNOWN}` });
      assert.equal(response.statusCode, 404);
      assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
    }
  });

  for (const [what, payload] of [
    ['no name', {}],
    ['an empty name', { name: '' }],
    ['a name that is too long', { name: 'x'.repeat(201) }],
    ['a null character', { name: 'a\0b' }],
    ['a name that is not text', { name: 5 }],
    ['an unknown property', { name: 'a', colour: 'red' }],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const response = await create(payload);
      assert.equal(response.statusCode, 400);
      assert.equal(response.json<{ title: string }>().title, 'Bad Request');
    });
  }

  for (const url of [
    '/v1/items?limit=0',
    '/v1/items?limit=101',
    '/v1/items?after=x',
    '/v1/items/x',
  ]) {
    it(`are not answered to ${url}`, async () => {
      assert.equal((await app.inject(url)).statusCode, 400);
    });
  }
});

async function page(url: string) {
  const response = await app.inject(url);
  assert.equal(response.statusCode, 200);
  const { items, next } = response.json<{ items: { name: string }[]; next?: string }>();
  return { names: items.map(({ name }) => name), next };
}
