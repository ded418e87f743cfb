import {
  columnsOf,
  linkHash,
  parseBody,
  RecordBody,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { generateKey } from '../keys/keyFile';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { checkpointText } from '@highroad/plugin-audit-common';

const stranger = LedgerKeys.fromPem(generateKey());

/** What verification must say. */
export interface Expected {
  kinds: string[];
  seq: number;
}

/** Where and how to tamper, chosen at random. */
export interface Choice {
  /** A place, from 1 to the number of records */
  n: number;
  /** Another place */
  other: number;
  /** Chooses among variants */
  variant: number;
  count: number;
}

/**
 * Something that somebody who may do anything in the database, but has none of the ledger's keys, does in SQL.
 *
 * @returns what must be found, or nothing if it cannot be done at that place
 */
export type Tampering = (
  db: Knex,
  choice: Choice,
) => Promise<Expected | undefined>;

const all = (db: Knex) => new RecordStore(db).from(1, 10_000);
const set = (db: Knex, seq: number, change: Partial<RecordRow>) =>
  db('records').where({ seq }).update(change);

function changed(row: RecordRow, variant: number): RecordBody {
  const body = parseBody(row.body);
  if (!body) throw new Error(`record ${row.seq} cannot be read`);
  const changes: Array<Partial<RecordBody>> = [
    { actor: { kind: 'user', ref: 'user:default/eve' } },
    { environment: 'elsewhere' },
    { meta: { version: '2.0.0' } },
    { at: '2020-01-01T00:00:00.000Z' },
  ];
  return { ...body, ...changes[variant % changes.length] };
}

/** Computes hashes again from a place to the end, as everybody can. */
async function rechain(db: Knex, from: number): Promise<void> {
  const rows = await all(db);
  let prev = rows[from - 2]?.hash ?? rows[0].prev;
  for (const row of rows.slice(from - 1)) {
    const digest = nodeCrypto.sha256(row.body);
    const hash = linkHash(prev, row.seq, digest, nodeCrypto);
    await set(db, row.seq, { prev, hash });
    prev = hash;
  }
}

async function fitHead(db: Knex): Promise<void> {
  const rows = await all(db);
  const last = rows[rows.length - 1];
  await db('chain').update({
    head_seq: last?.seq ?? 0,
    head_hash: last?.hash ?? (await db('chain').first()).chain,
  });
}

/** Moves all records from a place on by some places, highest or lowest first so that none collide. */
async function shift(db: Knex, from: number, by: 1 | -1): Promise<void> {
  const rows = (await all(db)).filter(({ seq }) => seq >= from);
  for (const { seq } of by === 1 ? rows.reverse() : rows) {
    await set(db, seq, { seq: seq + by });
  }
}

async function insertAt(db: Knex, row: RecordRow, seq: number) {
  const body = { ...changed(row, 0), id: uuidv7() };
  const text = JSON.stringify(body);
  await db('records').insert({
    ...row,
    ...columnsOf(body),
    ...{ seq, body: text },
  });
}

export const TAMPERINGS: Record<string, Tampering> = {
  'a changed body': async (db, { n, variant }) => {
    const row = (await all(db))[n - 1];
    await set(db, n, { body: JSON.stringify(changed(row, variant)) });
    return { kinds: ['changed'], seq: n };
  },
  'a changed body with columns and hash made to fit': async (
    db,
    { n, variant },
  ) => {
    const row = (await all(db))[n - 1];
    const body = changed(row, variant);
    const text = JSON.stringify(body);
    const digest = nodeCrypto.sha256(text);
    await set(db, n, {
      ...columnsOf(body),
      body: text,
      hash: linkHash(row.prev, n, digest, nodeCrypto),
    });
    return { kinds: ['recomputed'], seq: n };
  },
  'a changed column': async (db, { n, variant }) => {
    const changes: Array<Partial<RecordRow>> = [
      { actor: 'user:default/eve' },
      { service: null },
      { environment: 'elsewhere' },
      { outcome: 'succeeded' },
      { at: '2020-01-01T00:00:00.000Z', late: true },
      { event: 'deployments.read' },
      { intent_id: uuidv7() },
      { correlation: 'x' },
    ];
    await set(db, n, changes[variant % changes.length]);
    return { kinds: ['columns differ'], seq: n };
  },
  'a value of another type': async (db, { n, variant }) => {
    // PostgreSQL keeps the types of its columns.
    if (!db.client.config.client.includes('sqlite3')) return undefined;
    const columns = [
      ...['sealed_at', 'body', 'actor', 'at', 'event', 'hash', 'prev', 'seal'],
      ...['id', 'plugin', 'door', 'service', 'environment', 'correlation'],
    ];
    const column = columns[variant % (columns.length + 2)];
    if (column) {
      const blob = db.raw('cast(?? as blob)', [column]);
      const row = await db('records').where({ seq: n }).first(column);
      if (row[column] === null) return undefined;
      await set(db, n, { [column]: blob });
    } else if (variant % 2 === 0) {
      await db.raw('update records set late = ? where seq = ?', ['no', n]);
    } else {
      await db('record_environments')
        .where({ seq: n, environment: 'preview-7' })
        .update({ environment: db.raw('cast(environment as blob)') });
    }
    return { kinds: ['columns differ', 'changed', 'recomputed'], seq: n };
  },
  'a changed list of further environments': async (db, { n, variant }) => {
    const table = db('record_environments');
    if (variant % 3 === 0) {
      await table.insert({ seq: n, environment: 'elsewhere' });
    } else if (variant % 3 === 1) {
      await table.where({ seq: n, environment: 'preview-7' }).delete();
    } else {
      await table.where({ seq: n }).update({
        environment: db.raw("environment || 'x'"),
      });
    }
    return { kinds: ['columns differ'], seq: n };
  },
  'a removed record': async (db, { n, count }) => {
    await db('records').where({ seq: n }).delete();
    return { kinds: [n === count ? 'cut tail' : 'removed'], seq: n };
  },
  'a removed record with the rest numbered again': async (db, { n, count }) => {
    if (n === count) return undefined;
    await db('records').where({ seq: n }).delete();
    await shift(db, n + 1, -1);
    return { kinds: ['removed'], seq: n };
  },
  'a removed record with the rest numbered and computed again': async (
    db,
    { n, count },
  ) => {
    if (n === count) return undefined;
    await db('records').where({ seq: n }).delete();
    await shift(db, n + 1, -1);
    await rechain(db, n);
    await fitHead(db);
    return { kinds: ['recomputed'], seq: n };
  },
  'two records that changed places': async (db, { n, other }) => {
    const [low, high] = [Math.min(n, other), Math.max(n, other)];
    if (low === high) return undefined;
    await set(db, low, { seq: -1 });
    await set(db, high, { seq: low });
    await set(db, -1, { seq: high });
    // Of two neighbours, the second moved to the front.
    return { kinds: ['reordered', 'inserted'], seq: low };
  },
  'two records whose contents changed places, computed again': async (
    db,
    { n, other },
  ) => {
    const rows = await all(db);
    const [low, high] = [Math.min(n, other), Math.max(n, other)];
    if (low === high) return undefined;
    const content = (row: RecordRow) => {
      const { seq: _, prev: _p, hash: _h, seal: _s, ...rest } = row;
      return rest;
    };
    await set(db, low, { id: uuidv7() });
    await set(db, high, content(rows[low - 1]));
    await set(db, low, content(rows[high - 1]));
    await rechain(db, low);
    await fitHead(db);
    return { kinds: ['recomputed'], seq: low };
  },
  'an inserted record with a wrong hash': async (db, { n, count }) => {
    const row = (await all(db))[n - 1];
    await shift(db, n, 1);
    await insertAt(db, row, n);
    return {
      kinds: n === count ? ['inserted', 'changed'] : ['inserted'],
      seq: n,
    };
  },
  'an inserted record with everything computed again': async (db, { n }) => {
    const row = (await all(db))[n - 1];
    await shift(db, n, 1);
    await insertAt(db, row, n);
    await rechain(db, n);
    await fitHead(db);
    return { kinds: ['recomputed'], seq: n };
  },
  'a record put before the first': async (db, { n, variant }) => {
    const row = (await all(db))[n - 1];
    await insertAt(db, row, 0 - variant);
    return { kinds: ['inserted'], seq: 0 - variant };
  },
  'an added record with the right hash': async (db, { n, count, variant }) => {
    const row = (await all(db))[n - 1];
    await insertAt(db, row, count + 1);
    await rechain(db, count + 1);
    if (variant % 2) await fitHead(db);
    return {
      kinds: [variant % 2 ? 'recomputed' : 'inserted'],
      seq: count + 1,
    };
  },
  'an added record with a wrong hash': async (db, { n, count }) => {
    const row = (await all(db))[n - 1];
    await insertAt(db, row, count + 1);
    return { kinds: ['changed', 'reordered', 'removed'], seq: count + 1 };
  },
  'a record far behind the last one': async (db, { n, count, variant }) => {
    const row = (await all(db))[n - 1];
    const seq = count + 2 + variant * 50_000;
    await insertAt(db, row, seq);
    return { kinds: ['inserted'], seq };
  },
  'a record at a place that no number tells apart': async (db, { n }) => {
    const row = (await all(db))[n - 1];
    // In SQL, since no number of JavaScript is it.
    const last = db.raw('9223372036854775807') as unknown as number;
    await insertAt(db, row, last);
    return { kinds: ['inserted'], seq: Number.MAX_SAFE_INTEGER };
  },
  'checkpoints at places that no number tells apart': async (db, { n }) => {
    const [checkpoint] = await db('checkpoints').orderBy('seq').limit(1);
    // More than are read at once.
    const planted = Array.from({ length: 1_001 }, (_, at) => ({
      ...checkpoint,
      seq: db.raw(`9223372036854775806 - ${at + n}`),
    }));
    await db.batchInsert('checkpoints', planted, 100);
    return { kinds: ['checkpoint forged'], seq: Number.MAX_SAFE_INTEGER };
  },
  'a cut tail': async (db, { n }) => {
    await db('records').where('seq', '>=', n).delete();
    return { kinds: ['cut tail'], seq: n };
  },
  'a cut tail with its checkpoints and the noted end': async (db, { n }) => {
    await db('records').where('seq', '>=', n).delete();
    await db('checkpoints').where('seq', '>=', n).delete();
    await fitHead(db);
    return { kinds: ['cut tail'], seq: n };
  },
  'everything computed again after a change': async (db, { n, variant }) => {
    const row = (await all(db))[n - 1];
    const body = changed(row, variant);
    await set(db, n, { ...columnsOf(body), body: JSON.stringify(body) });
    await rechain(db, n);
    await fitHead(db);
    return { kinds: ['recomputed'], seq: n };
  },
  'everything computed, sealed and signed again with another key': async (
    db,
    { n, variant },
  ) => {
    const row = (await all(db))[n - 1];
    const body = changed(row, variant);
    await set(db, n, { ...columnsOf(body), body: JSON.stringify(body) });
    await rechain(db, n);
    await fitHead(db);
    const rows = await all(db);
    for (const { seq, hash, sealed_at } of rows.slice(n - 1)) {
      await set(db, seq, { seal: stranger.markPlace(hash, sealed_at) });
      const old = await db('checkpoints').where({ seq }).first();
      if (!old) continue;
      const content = { chain: old.chain, seq, hash, at: old.at };
      const { keyId, signature } = stranger.sign(checkpointText(content));
      await db('checkpoints')
        .where({ seq })
        .update({ hash, signature, key_id: keyId });
    }
    return { kinds: ['recomputed'], seq: n };
  },
  'a changed time of sealing': async (db, { n }) => {
    await set(db, n, { sealed_at: '2026-05-01T10:00:00.001Z' });
    return { kinds: ['recomputed'], seq: n };
  },
};
