import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { missing } from './surroundings.ts';
import { answers, startProcess, type ServiceProcess } from './process.ts';
import { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts';

interface Item {
  id: string;
  name: string;
}

describe('items in PostgreSQL', { skip: missing }, () => {
  let database: ScratchDatabase;
  let service: ServiceProcess;
  let items: string;

  before(async () => {
    database = await createScratchDatabase();
    service = await startProcess({ DATABASE_URL: database.url });
    await answers(`${service.url}/readyz`, 200);
    items = `${service.url}/v1/items`;
  });
  after(async () => {
    service.signal('SIGTERM');
    assert.equal(await service.exited, 0);
    await database.drop();
  });

  it('are listed page by page, oldest first', async () => {
    const made = [await create('a'), await create('b'), await create('c')];

    const first = await list('?limit=2');
    assert.deepEqual(first.items, made.slice(0, 2));
    const second = await list(`?limit=2&after=${first.next ?? ''}`);
    assert.deepEqual(second, { items: made.slice(2) });
  });

  it('are read and deleted', async () => {
    const item = await create('short-lived');
    assert.deepEqual(await (await fetch(`${items}/${item.id}`)).json(), item);
    assert.equal((await fetch(`${items}/${item.id}`, { method: 'DELETE' })).status, 204);
    assert.equal((await fetch(`${items}/${item.id}`, { method: 'DELETE' })).status, 404);
    assert.equal((await fetch(`${items}/${item.id}`)).status, 404);
  });

  it('keep what they were named, whatever it is', async () => {
    const name = `'); drop table items; -- 🚀`;
    const item = await create(name);
    assert.equal(item.name, name);
    assert.deepEqual(await database.query(`select name from items where id = '${item.id}'`), [
      { name },
    ]);
  });

  it('are still there after a restart', async () => {
    const item = await create('kept');
    const other = await startProcess({ DATABASE_URL: database.url });
    await answers(`${other.url}/readyz`, 200);
    const response = await fetch(`${other.url}/v1/items/${item.id}`);
    assert.deepEqual(await response.json(), item);
    other.signal('SIGTERM');
    assert.equal(await other.exited, 0);
  });

  async function create(name: string): Promise<Item> {
    const response = await fetch(items, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    assert.equal(response.status, 201);
    return (await response.json()) as Item;
  }

  async function list(query: string): Promise<{ items: Item[]; next?: string }> {
    const response = await fetch(items + query);
    assert.equal(response.status, 200);
    return (await response.json()) as { items: Item[]; next?: string };
  }
});
