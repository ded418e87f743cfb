import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { body, DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { IntakeStore } from '../database/IntakeStore';
import { RecordStore } from '../database/RecordStore';
import { RejectedStore } from '../database/RejectedStore';
import { generateKey } from '../keys/keyFile';
import { LedgerKeys } from '../keys/LedgerKeys';
import { quietLogger } from '../testing/quietLogger';
import { Ledger } from './Ledger';
import { Sealer } from './Sealer';

const databases = TestDatabases.create({ ids: DATABASES });
const START = Date.parse('2026-05-01T10:00:00.000Z');

/** A database that goes away in the given statement of a transaction, before it is executed. */
function dyingAt(knex: Knex, statement: number): Knex {
  return new Proxy(knex, {
    get(target, property) {
      if (property !== 'transaction') {
        const value = Reflect.get(target, property);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return (work: (tx: Knex.Transaction) => Promise<unknown>) => {
        let count = 0;
        return target.transaction(async tx => {
          const query = tx.client.query.bind(tx.client);
          tx.client.query = (connection: unknown, sql: { sql: string }) => {
            const ends = /^(commit|rollback)/i.test(sql.sql ?? String(sql));
            if (!ends && count++ >= statement) {
              return Promise.reject(new Error('killed'));
            }
            return query(connection, sql);
          };
          return work(tx);
        });
      };
    },
  });
}

describe.each(databases.eachSupportedId())('sealing on %s', databaseId => {
  let knex: Knex;
  let ledger: Ledger;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    ledger = openLedger(knex);
    await ledger.database();
  });

  const chain = async () => new RecordStore(knex).from(1, 10_000);

  it('puts what came in into one chain, in the order of its coming', async () => {
    const bodies = Array.from({ length: 25 }, () => body());
    await Promise.all(bodies.map(one => ledger.intake.write(one)));
    await ledger.loop.turn();

    const rows = await chain();
    expect(rows.map(({ seq }) => seq)).toEqual(bodies.map((_, n) => n + 1));
    expect(new Set(rows.map(({ id }) => id))).toEqual(
      new Set(bodies.map(({ id }) => id)),
    );
    expect(rows[0]).toMatchObject({
      ...{ event: 'deployments.create', actor: 'user:default/ann' },
      ...{ service: 'component:default/cart', environment: 'staging' },
      ...{ phase: 'intent', outcome: null, door: 'cli' },
    });
    expect(await new IntakeStore(knex).waiting()).toEqual({ count: 0 });
    expect(await ledger.verifier.verify(knex)).toMatchObject({
      ...{ ok: true, checked: 25 },
      head: { seq: 25, hash: rows[24].hash },
      warnings: [],
    });
  });

  it('seals nothing behind an end that was cut off, so that it is found however long one waits', async () => {
    await fill(ledger, 13);
    const kept = await new RecordStore(knex).at(10);
    await knex.transaction(async tx => {
      await new ChainStore(tx).moveHead({ seq: 10, hash: String(kept?.hash) });
      await tx('records').where('seq', '>', 10).delete();
    });
    for (let n = 0; n < 5; n++) {
      await ledger.intake.write(body());
      await expect(ledger.loop.turn()).rejects.toThrow(
        'record 13 was sealed or seen here, and the database now ends at 10',
      );
    }
    expect((await new RecordStore(knex).last())?.seq).toBe(10);
    expect((await new IntakeStore(knex).waiting()).count).toBe(5);
    expect(await ledger.verifier.verify(knex)).toMatchObject({
      ok: false,
      problem: { kind: 'cut tail' },
    });
  });

  it('lets no time of sealing go back, whose clock ever does', async () => {
    const { keys } = ledger.settings;
    const sealBy = async (time: number) => {
      await ledger.intake.write(body());
      const sealer = new Sealer({
        ...{ keys, now: () => new Date(time), logger: quietLogger },
        ...{ newId: uuidv7, newChain: () => 'b'.repeat(64) },
      });
      const lease = await sealer.take(knex, 'one');
      if (!lease) throw new Error('Somebody else has the lease.');
      await sealer.sealBatch(knex, lease);
      await knex('leases').update({ expires_at: 0 });
    };
    await sealBy(START + 60_000);
    await sealBy(START);
    const times = (await chain()).map(({ sealed_at }) => sealed_at);
    expect(times).toEqual([times[0], times[0]]);
  });

  it('goes on after being killed before any statement, without loss and without doubles', async () => {
    const { keys } = ledger.settings;
    let time = START;
    const options = {
      ...{ keys, now: () => new Date(time), batch: 3, logger: quietLogger },
      ...{ newId: uuidv7, newChain: () => 'a'.repeat(64) },
    };
    const written: string[] = [];
    const deaths: string[] = [];
    for (let statement = 0; statement < 12; statement++) {
      for (let n = 0; n < 2; n++) {
        const one = body();
        written.push(one.id);
        await ledger.intake.write(one);
      }
      // One dies in the middle of a batch; the next comes when its lease has expired.
      const sealer = new Sealer(options);
      const lease = await sealer.take(knex, `dying-${statement}`);
      if (!lease) throw new Error('the lease is not free');
      await sealer
        .sealBatch(dyingAt(knex, statement), lease)
        .catch(error => deaths.push(error.message));
      time += 60_000;
    }
    expect(deaths.length).toBeGreaterThanOrEqual(6);
    expect(deaths.every(death => death.includes('killed'))).toBe(true);
    await ledger.loop.turn();
    const rows = await chain();
    expect(rows.map(({ id }) => id).sort()).toEqual([...written].sort());
    expect(await ledger.verifier.verify(knex)).toMatchObject({
      ...{ ok: true, checked: written.length },
    });
  });

  it('refuses a sealer whose lease was taken over, also in the middle of its work', async () => {
    const { keys } = ledger.settings;
    const at = (time: number) =>
      new Sealer({
        ...{ keys, now: () => new Date(START + time), logger: quietLogger },
        ...{ newId: uuidv7, newChain: () => 'a'.repeat(64) },
      });
    await fill(ledger, 2);
    await ledger.loop.stop();
    await ledger.intake.write(body());

    const early = at(0);
    const stale = await early.take(knex, 'stale');
    expect(stale).toBeDefined();
    expect(await at(5_000).take(knex, 'too early')).toBeUndefined();
    const fresh = await at(20_000).take(knex, 'fresh');
    expect(fresh!.token).toBeGreaterThan(stale!.token);

    expect(await early.sealBatch(knex, stale!)).toEqual({ held: false });
    expect(await chain()).toHaveLength(2);
    expect(await at(20_000).sealBatch(knex, fresh!)).toMatchObject({
      ...{ held: true, sealed: 1 },
    });
    expect(await early.sealBatch(knex, stale!)).toEqual({ held: false });
    expect(await ledger.verifier.verify(knex)).toMatchObject({
      ...{ ok: true, checked: 3 },
    });
  });

  it('is not kept from sealing by a lease that ends in a far future', async () => {
    await fill(ledger, 1);
    await ledger.loop.stop();
    await knex('leases').update({
      ...{ holder: 'nobody', expires_at: Date.now() + 1000 * 60 * 60_000 },
    });
    await fill(ledger, 1);
    expect(await chain()).toHaveLength(2);
  });

  it('says that nothing is sealed, also where another process holds the right to', async () => {
    await fill(ledger, 1);
    const late = openLedger(knex, {
      now: () => new Date(Date.now() + 2 * 60_000),
    });
    await knex('leases').update({
      ...{ holder: 'other', expires_at: Date.now() + 2 * 60_000 + 5_000 },
    });
    await ledger.intake.write(body());
    await late.loop.turn();
    expect(await chain()).toHaveLength(1);
    expect((await late.verifier.verify(knex)).warnings).toEqual([
      expect.stringMatching(/^1 records wait to be sealed, the first since/),
    ]);
  });

  it('notices a changed list of what has not ended', async () => {
    await fill(ledger, 3);
    const [first] = await chain();
    await knex('open_intents').where({ id: first.id }).delete();
    await knex('open_intents').insert({ id: body().id, seq: 9 });
    expect((await ledger.verifier.verify(knex)).warnings).toEqual([
      expect.stringMatching(
        /record 1, which has no outcome, is missing there; 1 stand there that have ended/,
      ),
    ]);
  });

  it('takes a record that came by two ways once', async () => {
    const one = body();
    await ledger.intake.write(one);
    const [row] = await new IntakeStore(knex).oldest(1);
    await ledger.loop.turn();
    await new IntakeStore(knex).addMissing([row]);
    await ledger.intake.write(body());
    await ledger.loop.turn();
    expect((await chain()).map(({ id }) => id)[0]).toBe(one.id);
    expect(await chain()).toHaveLength(2);
  });

  it('carries out with the next checkpoint what could not be carried before', async () => {
    const carried: number[] = [];
    let isFull = true;
    ledger.checkpoints.addSink({
      name: 'a full disk',
      async write({ seq }) {
        if (isFull) throw new Error('ENOSPC');
        carried.push(seq);
      },
    });
    for (let n = 1; n <= 2; n++) {
      await fill(ledger, 1);
      await ledger.checkpoints.make(knex);
    }
    expect(carried).toEqual([]);
    isFull = false;
    await fill(ledger, 1);
    await ledger.checkpoints.make(knex);
    expect(carried).toEqual([1, 2, 3]);
  });

  it('carries checkpoints out in their order where one was waited for in vain', async () => {
    const never = { everyMs: 1e15, everyRecords: 1e9, log: false };
    const slow = openLedger(knex, { checkpoints: never });
    const carried: number[] = [];
    let answer = () => {};
    const silence = new Promise<void>(done => {
      answer = done;
    });
    slow.checkpoints.addSink({
      name: 'a disk that hangs',
      async write({ seq }) {
        await silence;
        carried.push(seq);
      },
    });
    await fill(slow, 1);
    const first = slow.checkpoints.make(knex);
    while (!(await new CheckpointStore(knex).last())) await sleep(10);
    for (const seq of [2, 3]) {
      await fill(slow, 1);
      expect(await slow.checkpoints.make(knex)).toMatchObject({ seq });
    }
    expect(carried).toEqual([]);
    answer();
    await first;
    while (carried.length < 3) await sleep(10);
    expect(carried).toEqual([1, 2, 3]);
  });

  it('puts aside as much as somebody puts in, and tries all of it again, batch after batch', async () => {
    const forged = Array.from({ length: 2_100 }, () => {
      const one = body();
      const received_at = new Date(START).toISOString();
      return {
        id: one.id,
        body: JSON.stringify(one),
        mac: 'none',
        received_at,
      };
    });
    await new IntakeStore(knex).addMissing(forged);
    await ledger.loop.turn();
    expect(await new RejectedStore(knex).count()).toBe(2_100);

    const newPem = generateKey();
    const renewed = openLedger(knex, { keys: LedgerKeys.fromPem(newPem) });
    const late = body();
    await renewed.intake.write(late);
    await ledger.loop.turn();
    expect(await new RejectedStore(knex).byIds([late.id])).toHaveLength(1);
    await ledger.loop.stop();
    for (let turns = 0; turns < 3; turns++) await renewed.loop.turn();
    expect(await new RejectedStore(knex).count()).toBe(2_100);
    expect(await new RecordStore(knex).byId(late.id)).toBeDefined();
  });

  it('puts aside what no column can hold, so that everything else is sealed', async () => {
    const long = body({ service: `component:default/${'x'.repeat(300)}` });
    await ledger.intake.write(long);
    await fill(ledger, 1);
    expect((await chain()).map(({ event }) => event)).toEqual([
      ...['deployments.create', 'audit.put-aside'],
    ]);
    expect(await new RejectedStore(knex).byIds([long.id])).toMatchObject([
      { reason: 'Its service is longer than can be stored.' },
    ]);
  });

  it('keeps out what somebody else put into the intake, and says so', async () => {
    await fill(ledger, 1);
    const forged = body();
    const stranger = LedgerKeys.fromPem(generateKey());
    const text = JSON.stringify(forged);
    const good = ledger.settings.keys.markBody(text);
    const rows = [
      { ...forged, mac: '' },
      { ...body(), mac: good },
      { ...body(), mac: stranger.markBody(text) },
    ];
    // Whoever says beforehand that one was put aside already leaves a trace all the same.
    await knex('rejected_intake').insert({
      ...{ id: rows[0].id, mac: '', body: text, reason: 'none' },
      received_at: '2026-05-01T10:00:00.000Z',
      found_at: '2026-05-01T10:00:00.000Z',
    });
    await new IntakeStore(knex).addMissing(
      rows.map(({ id, mac }) => ({
        ...{ id, mac, received_at: '2026-05-01T10:00:00.000Z' },
        body: id === rows[1].id ? text.replace('ann', 'eve') : text,
      })),
    );
    await fill(ledger, 1);

    expect((await chain()).map(({ event }) => event)).toEqual([
      ...['deployments.create', 'deployments.create', 'audit.put-aside'],
    ]);
    expect(await new RejectedStore(knex).count()).toBe(3);
    const verification = await ledger.verifier.verify(knex);
    expect(verification).toMatchObject({ ok: true, checked: 3 });
    expect(verification.warnings).toEqual([
      expect.stringMatching(/^3 rows of the intake were kept out of the chain/),
    ]);

    // Nor can they be taken away again without a trace.
    await knex('rejected_intake').where({ id: rows[0].id }).delete();
    await knex('rejected_intake').where({ id: rows[2].id }).update({ mac: '' });
    expect((await ledger.verifier.verify(knex)).warnings).toEqual([
      expect.stringMatching(/^2 rows of the intake were kept out of the chain/),
      expect.stringMatching(/^2 rows that were put aside .* are gone/),
    ]);
    await knex('rejected_intake').delete();
    expect((await ledger.verifier.verify(knex)).warnings).toEqual([
      expect.stringMatching(/^3 rows that were put aside .* are gone/),
    ]);
  });

  it('misses the row that says where the chain ends, and seals nothing without it', async () => {
    await fill(ledger, 2);
    await ledger.loop.stop();
    await knex('chain').delete();
    const next = openLedger(knex);
    await next.intake.write(body());
    await expect(next.loop.turn()).rejects.toThrow(
      /The row of the table "chain".* was deleted/,
    );
    expect(await chain()).toHaveLength(2);
    expect(await next.verifier.verify(knex)).toMatchObject({
      ...{ ok: true, checked: 2 },
      warnings: [
        expect.stringMatching(/^The row of the table "chain".* was deleted/),
      ],
    });
  });

  it('takes in what a replica with a newer key wrote, once it knows that key', async () => {
    const newPem = generateKey();
    const renewed = openLedger(knex, { keys: LedgerKeys.fromPem(newPem) });
    await renewed.intake.write(body());
    await ledger.loop.turn();
    expect(await chain()).toHaveLength(1);
    await ledger.loop.stop();

    await renewed.loop.turn();
    expect((await chain()).map(({ event }) => event)).toEqual([
      ...['audit.put-aside', 'deployments.create', 'audit.take-back'],
    ]);
    expect(await new RejectedStore(knex).count()).toBe(0);
    const { warnings } = await renewed.verifier.verify(knex);
    expect(warnings.filter(one => one.includes('put aside'))).toEqual([]);
  });

  it('notes where the chain ends', async () => {
    await fill(ledger, 3);
    const rows = await chain();
    const state = await new ChainStore(knex).read();
    expect(state?.head).toEqual({ seq: 3, hash: rows[2].hash });
    expect(rows[0].prev).toBe(state?.chain);
  });
});
