import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { body, DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { RecordStore } from '../database/RecordStore';
import { Ledger } from '../service/Ledger';
import { RecordExporter } from './RecordExporter';
import { RecordReader } from './RecordReader';

const databases = TestDatabases.create({ ids: DATABASES });
const TABLES = ['records', 'chain', 'checkpoints', 'open_intents', 'leases'];

jest.setTimeout(180_000);

describe.each(databases.eachSupportedId())(
  'records that were cut off, and written over, on %s',
  databaseId => {
    let knex: Knex;
    let folder: string;
    let time: number;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-audit-'));
      knex = await databases.init(databaseId);
      time = Date.parse('2026-01-01T00:00:00.000Z');
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    /** A process that works on the ledger. */
    const started = (withFile = true): Ledger =>
      openLedger(knex, {
        checkpoints: {
          ...{ everyMs: 0, everyRecords: 1, log: false },
          ...(withFile && { file: join(folder, 'checkpoints.jsonl') }),
        },
        now: () => new Date(time),
      });

    async function cutTo(seq: number): Promise<void> {
      for (const table of ['records', 'checkpoints', 'open_intents']) {
        await knex(table).where('seq', '>', seq).delete();
      }
      const last = await new RecordStore(knex).last();
      await knex('chain').update({ head_seq: seq, head_hash: last!.hash });
    }

    async function exported(ledger: Ledger): Promise<string> {
      const exporter = new RecordExporter({
        ...{ database: async () => knex, keys: ledger.settings.keys },
        ...{ verifier: ledger.verifier, now: () => new Date(time) },
      });
      let text = '';
      for await (const piece of exporter.jsonLines({}, 'all')) text += piece;
      return text;
    }

    /** Writes and seals one after the other, each with its checkpoint. */
    async function write(ledger: Ledger, count: number): Promise<void> {
      for (let n = 0; n < count; n++) await fill(ledger, 1);
    }

    it.each([
      ['fewer', 5, /Record 16 and all that follow up to 20 are missing/],
      ['more', 15, /Record 11 .*is not what it was according to/],
    ])(
      'are still missed by exports where %s were written since by a process that never saw them',
      async (_, more, wrong) => {
        const first = started();
        await write(first, 20);
        await first.loop.stop();
        await cutTo(10);
        const second = started();
        await write(second, more);
        expect(await second.verifier.verify(knex)).toMatchObject({ ok: false });
        await expect(exported(started())).rejects.toThrow(wrong);
      },
    );

    function readerOf(ledger: Ledger): RecordReader {
      const { head, verifier, settings } = ledger;
      return new RecordReader({
        ...{ database: async () => knex, head, verifier },
        // What it waits by, which must not stand still.
        ...{ keys: settings.keys, now: () => new Date() },
      });
    }

    it('are missed by whoever searches or follows, also while they wait, also after a restart', async () => {
      const ledger = started();
      await write(ledger, 10);
      const { signal } = new AbortController();
      const tail = { after: 10, limit: 5, waitMs: 60_000, signal };
      const reader = readerOf(ledger);
      const page = { limit: 5 };
      expect(await reader.search({}, 'all', page)).not.toHaveProperty('cut');
      const waiting = reader.tail({}, 'all', tail);
      await cutTo(6);
      const cut = {
        kind: 'cut tail',
        message: expect.stringMatching(/^Record 7 .* missing/),
      };
      expect(await waiting).toEqual({ items: [], next: 10, cut });
      for (const one of [reader, readerOf(started())]) {
        expect(await one.search({}, 'all', page)).toMatchObject({ cut });
        const begun = await one.tail({}, 'all', { ...tail, after: undefined });
        expect(begun).toMatchObject({ cut });
      }
      // Somebody else goes on where they stood.
      await knex('leases').delete();
      await write(started(false), 6);
      expect(await reader.search({}, 'all', page)).toMatchObject({
        cut: { kind: 'recomputed' },
      });
    });

    it('are followed as far as something was sealed, whatever stands behind it', async () => {
      const ledger = started();
      await write(ledger, 5);
      const row = await knex('records').orderBy('seq', 'desc').first();
      await knex('records').insert({ ...row, id: 'planted', seq: 1_000 });
      const reader = readerOf(ledger);
      const { signal } = new AbortController();
      const page = { limit: 50, waitMs: 0, signal };
      expect((await reader.tail({}, 'all', page)).next).toBe(5);
      await knex('records').where({ seq: 1_000 }).delete();
      await write(ledger, 2);
      const found = await reader.tail({}, 'all', { ...page, after: 5 });
      expect(found.items.map(({ seq }) => seq)).toEqual([6, 7]);
    });

    it('are still missed by exports where another chain took the place of all', async () => {
      const first = started();
      await write(first, 8);
      await first.loop.stop();
      for (const table of TABLES) await knex(table).delete();
      await write(started(), 5);
      await expect(exported(started())).rejects.toThrow(
        /belongs to another chain .*the whole chain was replaced/,
      );
    });

    it('are written over by no other process that has seen them', async () => {
      const one = started(false);
      const other = started(false);
      await write(one, 10);
      await other.loop.turn();
      await cutTo(6);
      const refusals = new Set<string>();
      for (let second = 0; second < 30; second++) {
        time += 1_000;
        await other.intake.write(body());
        for (const ledger of [one, other]) {
          await ledger.loop.turn().catch(error => refusals.add(String(error)));
        }
      }
      expect([...refusals]).toEqual([
        expect.stringContaining('record 10 was sealed or seen here'),
      ]);
      expect((await new RecordStore(knex).last())!.seq).toBe(6);
      for (const ledger of [one, other]) {
        expect(await ledger.verifier.verify(knex)).toMatchObject({
          problem: { kind: 'cut tail', seq: 7 },
        });
      }
    });
  },
);
