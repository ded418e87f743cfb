import { TestDatabases } from '@backstage/backend-test-utils';
import { verifyExport } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { ArchiveStore } from '../database/ArchiveStore';
import { IntakeStore } from '../database/IntakeStore';
import { RecordStore } from '../database/RecordStore';
import { quietLogger } from '../testing/quietLogger';
import { Ledger } from './Ledger';
import { Retention } from './Retention';

const databases = TestDatabases.create({ ids: DATABASES });
const DAY = 24 * 60 * 60_000;

describe.each(databases.eachSupportedId())('retention on %s', databaseId => {
  let knex: Knex;
  let ledger: Ledger;
  let folder: string;
  let time: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-audit-'));
    knex = await databases.init(databaseId);
    time = Date.parse('2026-01-01T00:00:00.000Z');
    ledger = openLedger(knex, {
      now: () => new Date(time),
      checkpoints: {
        ...{ everyMs: 0, everyRecords: 1, log: false },
        file: join(folder, 'checkpoints.jsonl'),
      },
      retention: { days: 30, directory: join(folder, 'archive') },
    });
    for (let day = 0; day < 6; day++) {
      await fill(ledger, 4, {
        at: new Date(time).toISOString(),
        // Pasted from a document, with what Unicode takes for the end of a line.
        reason: 'first\u2028second',
      });
      time += 10 * DAY;
    }
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const archive = () => ledger.retention(quietLogger)!.run(knex);
  const places = async () =>
    (await new RecordStore(knex).from(1, 1000)).map(({ seq }) => seq);

  it('archives what is older, and the chain goes on behind it', async () => {
    // Days 0 to 20 are older than thirty days at day 60; day 30 is not.
    const anchors = await archive();
    expect(anchors).toMatchObject([{ from: 1, to: 12 }]);
    expect(await places()).toEqual([...Array(12)].map((_, n) => n + 13));
    expect(await ledger.verifier.verify(knex)).toMatchObject({
      ...{ ok: true, from: 13, checked: 12 },
    });

    const text = await readFile(anchors[0].file, 'utf8');
    const { publicKey } = ledger.settings.keys.current;
    expect(await verifyExport(text.split('\n'), { publicKey })).toMatchObject({
      ...{ ok: true, records: 12, leftOut: 0 },
      head: { seq: 12, hash: anchors[0].hash },
    });
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      anchors[0].digest,
    );
    expect(await archive()).toEqual([]);

    time += 20 * DAY;
    await fill(ledger, 2, { at: new Date(time).toISOString() });
    expect(await archive()).toMatchObject([{ from: 13, to: 20 }]);
    expect(await ledger.verifier.verify(knex)).toMatchObject({
      ...{ ok: true, from: 21, checked: 6 },
    });
  });

  it('does not take in again what it archived, whoever puts it back into the intake', async () => {
    const old = (await new RecordStore(knex).at(3))!;
    await archive();
    await new IntakeStore(knex).addMissing([
      {
        ...{ id: old.id, body: old.body },
        mac: ledger.settings.keys.markBody(old.body),
        received_at: new Date(time).toISOString(),
      },
    ]);
    await ledger.loop.turn();
    // One more, that says so.
    expect(await places()).toHaveLength(13);
    expect(await ledger.verifier.verify(knex)).toMatchObject({
      warnings: [
        expect.stringContaining('it may be one of them, put in again'),
      ],
    });
    // Nor when somebody takes over, who gives what was rejected another try.
    await ledger.loop.stop();
    await ledger.loop.turn();
    expect(await places()).toHaveLength(13);
  });

  it('takes in what waited elsewhere while everything older was archived', async () => {
    time += 30 * DAY;
    await archive();
    expect(await places()).toEqual([]);
    const waited = new Date(time - DAY / 2).toISOString();
    await fill(ledger, 1, { at: waited });
    expect(await places()).toHaveLength(1);
    expect(await ledger.verifier.verify(knex)).toMatchObject({
      ...{ ok: true, warnings: [] },
    });
  });

  it('goes by several files where there is much', async () => {
    const { keys } = ledger.settings;
    const small = new Retention({
      ...{ keys, verifier: ledger.verifier, days: 30, mostRecords: 5 },
      ...{ directory: join(folder, 'archive'), holder: 'test' },
      ...{ now: () => new Date(time), logger: quietLogger },
    });
    expect(await small.run(knex)).toMatchObject([
      ...[
        { from: 1, to: 4 },
        { from: 5, to: 8 },
        { from: 9, to: 12 },
      ],
    ]);
    expect(await ledger.verifier.verify(knex)).toMatchObject({ ok: true });
  });

  it('removes nothing if the file cannot be written', async () => {
    await writeFile(join(folder, 'archive'), 'a file stands in the way');
    await expect(archive()).rejects.toThrow();
    expect(await places()).toHaveLength(24);
    expect(await new ArchiveStore(knex).all()).toEqual([]);
    await rm(join(folder, 'archive'));
    expect(await archive()).toHaveLength(1);
  });

  it('removes nothing, and leaves nothing, if the ledger does not verify', async () => {
    await knex('records').where({ seq: 3 }).update({ actor: 'user:x/y' });
    await expect(archive()).rejects.toThrow(
      /^Nothing was archived: the ledger does not verify. Record 3 /,
    );
    expect(await places()).toHaveLength(24);
    expect(await readdir(folder)).not.toContain('archive');
  });

  it.each<[string, (db: Knex) => Promise<unknown>, object]>([
    [
      'a removed record behind the archive',
      db => db('records').where({ seq: 13 }).delete(),
      { kind: 'removed', seq: 13 },
    ],
    [
      'a record put where archived ones were',
      async db => {
        const row = await db('records').where({ seq: 20 }).first();
        await db('records').insert({ ...row, seq: 5, id: uuidv7() });
      },
      { kind: 'inserted', seq: 5 },
    ],
    [
      'a record put before the first',
      async db => {
        const row = await db('records').where({ seq: 20 }).first();
        await db('records').insert({ ...row, seq: -3, id: uuidv7() });
      },
      { kind: 'inserted', seq: -3 },
    ],
    [
      'an archive that was never made',
      async db => {
        const [anchor] = await db('archives');
        const last = await db('records').where({ seq: 16 }).first();
        await db('archives').insert({
          ...anchor,
          ...{ from_seq: 13, to_seq: 16, hash: last.hash },
        });
        await db('records').where('seq', '<=', 16).delete();
      },
      { kind: 'checkpoint forged', seq: 16 },
    ],
    [
      'a removed trace of an archive',
      db => db('archives').delete(),
      { kind: 'removed', seq: 1 },
    ],
  ])('%s is found', async (_, tamper, problem) => {
    await archive();
    expect(await ledger.verifier.verify(knex)).toMatchObject({ ok: true });
    await tamper(knex);
    expect(await ledger.verifier.verify(knex)).toMatchObject({ problem });
  });
});
