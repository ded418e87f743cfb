import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { TAMPERINGS } from '../__testUtils__/tamperings';
import { chainState } from './chainState';
import { Ledger } from './Ledger';

const databases = TestDatabases.create({ ids: DATABASES });
/** More for a soak: HIGHROAD_TAMPERINGS=500 */
const RUNS = Number(process.env.HIGHROAD_TAMPERINGS ?? 5);
const SEED = Number(process.env.HIGHROAD_SEED ?? Date.now() % 1_000_000);
const RECORDS = 12;
const TABLES = [
  ...['records', 'record_environments', 'chain', 'checkpoints', 'archives'],
];

jest.setTimeout(120_000 + RUNS * 2_000);

describe.each(databases.eachSupportedId())(
  `tampering with the ledger on %s (HIGHROAD_SEED=${SEED})`,
  databaseId => {
    let knex: Knex;
    let ledger: Ledger;
    let folder: string;
    let untouched: Array<[string, object[]]>;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-audit-'));
      knex = await databases.init(databaseId);
      ledger = openLedger(knex, {
        checkpoints: {
          ...{ everyMs: 0, everyRecords: 1, log: false },
          file: join(folder, 'checkpoints.jsonl'),
        },
      });
      const meta = { environments: ['preview-7', 'preview-8'] };
      for (let n = 0; n < RECORDS / 3; n++) await fill(ledger, 3, { meta });
      untouched = await Promise.all(
        TABLES.map(async table => [table, await knex(table)] as const),
      ).then(tables => tables.map(([table, rows]) => [table, rows]));
    });

    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function restore(): Promise<void> {
      for (const [table, rows] of untouched) {
        await knex(table).delete();
        if (rows.length > 0) await knex(table).insert(rows);
      }
    }

    it.each(Object.entries(TAMPERINGS))('%s is found and named', (_, tamper) =>
      fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: RECORDS }),
          fc.integer({ min: 1, max: RECORDS }),
          fc.nat({ max: 20 }),
          async (n, other, variant) => {
            await restore();
            expect(await ledger.verifier.verify(knex)).toMatchObject({
              ...{ ok: true, checked: RECORDS, checkpoints: 8 },
            });
            const choice = { n, other, variant, count: RECORDS };
            const expected = await tamper(knex, choice);
            if (!expected) return;
            const found = await ledger.verifier.verify(knex);
            if (found.ok) throw new Error('nothing was found');
            expect(expected.kinds).toContain(found.problem.kind);
            expect(found.problem.seq).toBe(expected.seq);
            expect(found.problem.message).toContain(`Record ${expected.seq} `);
            // Whoever asks about that record alone is told, too.
            const { seq } = expected;
            const range = await ledger.verifier.verify(knex, {
              ...{ from: seq, to: seq },
            });
            expect({ seq, ok: range.ok }).toEqual({ seq, ok: false });
          },
        ),
        { numRuns: RUNS, seed: SEED },
      ),
    );

    it('a cut tail is found by a checkpoint that was carried out, also by a process that never saw it', async () => {
      await restore();
      await knex('records').where('seq', '>', 7).delete();
      await knex('checkpoints').where('seq', '>', 7).delete();
      const last = await knex('records').where({ seq: 7 }).first();
      await knex('chain').update({ head_seq: 7, head_hash: last.hash });
      const { settings } = ledger;
      const withFile = openLedger(knex, settings);
      expect(await withFile.verifier.verify(knex)).toMatchObject({
        problem: { kind: 'cut tail', seq: 8 },
      });
      // A range that is whole says that what it is part of is not.
      const whole = await withFile.verifier.verify(knex, { from: 1, to: 5 });
      expect(whole).toMatchObject({ ok: true, checked: 6 });
      expect(whole.warnings.join()).toContain(
        'Behind this range: Record 8 and all that follow',
      );
      // The control: what nothing outside remembers cannot be missed.
      const withoutFile = openLedger(knex);
      expect(await withoutFile.verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 7 },
      });
    });

    it('another chain in place of the whole is found by the checkpoints that were carried out', async () => {
      await restore();
      await ledger.loop.stop();
      for (const table of TABLES) await knex(table).delete();
      const other = openLedger(knex, {
        checkpoints: { everyMs: 0, everyRecords: 1, log: false },
      });
      await fill(other, 20);
      await other.loop.stop();
      expect(await knex('records').pluck('seq')).toHaveLength(20);
      const { settings } = ledger;
      expect(
        await openLedger(knex, settings).verifier.verify(knex),
      ).toMatchObject({
        problem: {
          kind: 'recomputed',
          message: expect.stringContaining('the whole chain was replaced'),
        },
      });
      expect(
        await openLedger(knex, settings).verifier.verify(knex, {
          ...{ from: 1, to: 2 },
        }),
      ).toMatchObject({ problem: { kind: 'recomputed' } });
    });

    it('the end of a range is missed as that of the whole is', async () => {
      for (const range of [
        { from: 4, to: 6 },
        { from: 1, to: 6 },
        { from: 5, to: 5 },
      ]) {
        await restore();
        await knex('records').whereBetween('seq', [4, 6]).delete();
        expect(await ledger.verifier.verify(knex, range)).toMatchObject({
          problem: { kind: 'removed', seq: 4 },
        });
        await knex('records').where('seq', '>', 6).delete();
        expect(await ledger.verifier.verify(knex, range)).toMatchObject({
          problem: { kind: 'cut tail', seq: 4 },
        });
      }
    });

    it('a row that is planted among the checkpoints keeps none from being signed, so that a cut shows', async () => {
      await restore();
      const { settings } = ledger;
      const last = await knex('checkpoints').orderBy('seq', 'desc').first();
      await knex('checkpoints').insert({ ...last, seq: 1_000_000_000 });
      const running = openLedger(knex, settings);
      await fill(running, 3);
      await running.loop.stop();
      const signed = await knex('checkpoints').where({ seq: RECORDS + 3 });
      expect(signed).toHaveLength(1);
      expect(await running.verifier.verify(knex)).toMatchObject({
        problem: { kind: 'checkpoint forged' },
      });
      expect((await chainState(running)).lastCheckpoint?.seq).toBe(RECORDS + 3);

      // Whoever planted it removes it, and all that was recorded meanwhile.
      await knex('checkpoints').where('seq', '>', RECORDS).delete();
      await knex('records').where('seq', '>', RECORDS).delete();
      await knex('chain').update({ head_seq: RECORDS, head_hash: last.hash });
      expect(
        await openLedger(knex, settings).verifier.verify(knex),
      ).toMatchObject({ problem: { kind: 'cut tail', seq: RECORDS + 1 } });
    });

    it('a good record put behind the end hides no cut, and is not taken for the end', async () => {
      await restore();
      const { settings } = ledger;
      const last = await knex('records').orderBy('seq', 'desc').first();
      const plant = (seq: number) =>
        knex('records').insert({ ...last, id: 'planted', seq });

      await plant(1_000);
      const other = openLedger(knex, settings);
      await other.loop.turn();
      expect(other.head.head?.seq).toBe(RECORDS);

      await restore();
      await knex('records').where('seq', '>', 6).delete();
      await plant(RECORDS + 1);
      expect(
        await openLedger(knex, settings).verifier.cutTail(knex, 'quickly'),
      ).toMatchObject({ kind: 'cut tail', seq: 7 });
      // The checkpoints in the database say so, too, where nothing else does.
      await knex('chain').delete();
      expect(
        await openLedger(knex).verifier.cutTail(knex, 'quickly'),
      ).toMatchObject({ kind: 'cut tail', seq: 7 });
    });

    it('a part is verified between the checkpoints around it', async () => {
      await restore();
      await knex('records').where({ seq: 2 }).update({ actor: 'user:x/y' });
      expect(
        await ledger.verifier.verify(knex, { from: 5, to: 8 }),
      ).toMatchObject({ ok: true, from: 4, checked: 6 });
      expect(
        await ledger.verifier.verify(knex, { from: 1, to: 4 }),
      ).toMatchObject({ problem: { kind: 'columns differ', seq: 2 } });
      await expect(
        ledger.verifier.verify(knex, { from: 5, to: 2 }),
      ).rejects.toThrow('"from" (5) must not be greater than "to" (2)');
    });
  },
);
