import { TestDatabases } from '@backstage/backend-test-utils';
import {
  columnsOf,
  linkHash,
  parseBody,
  ProblemKind,
  RecordBody,
  verifyExport,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { ArchiveStore } from '../database/ArchiveStore';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { nodeCrypto } from '../keys/nodeCrypto';
import { Ledger } from '../service/Ledger';
import { quietLogger } from '../testing/quietLogger';
import { RecordExporter } from './RecordExporter';
import { RecordReader } from './RecordReader';

const databases = TestDatabases.create({ ids: DATABASES });
const DAY = 24 * 60 * 60_000;
const VICTIM = 'user:default/victim';

jest.setTimeout(180_000);

describe.each(databases.eachSupportedId())(
  'records that somebody put into the database, on %s',
  databaseId => {
    let knex: Knex;
    let ledger: Ledger;
    let reader: RecordReader;
    let exporter: RecordExporter;
    let folder: string;
    let time: number;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-audit-'));
      knex = await databases.init(databaseId);
      time = Date.parse('2026-01-01T00:00:00.000Z');
      const now = () => new Date(time);
      ledger = openLedger(knex, {
        checkpoints: { everyMs: 0, everyRecords: 1, log: false },
        retention: { days: 30, directory: folder },
        now,
      });
      const database = async () => knex;
      const { keys } = ledger.settings;
      const { head, verifier } = ledger;
      reader = new RecordReader({ database, now, keys, head, verifier });
      exporter = new RecordExporter({
        ...{ database, now, keys },
        verifier: ledger.verifier,
      });
      for (let day = 0; day < 6; day++) {
        await fill(ledger, 4, { at: new Date(time).toISOString() });
        time += 10 * DAY;
      }
    });

    afterEach(() => rm(folder, { recursive: true, force: true }));

    /** Puts a copy of the last record to a place, with another id and actor. */
    async function forge(seq: number): Promise<string> {
      const row = (await new RecordStore(knex).last())!;
      const body = {
        ...parseBody(row.body)!,
        ...{ id: uuidv7(), actor: { kind: 'user' as const, ref: VICTIM } },
      };
      await knex('records').insert({
        ...{ ...row, ...columnsOf(body), seq, body: JSON.stringify(body) },
      });
      return body.id;
    }

    async function read(pieces: AsyncIterable<string>, lines: string[]) {
      for await (const line of pieces) lines.push(line.trimEnd());
    }

    async function all(pieces: AsyncIterable<string>): Promise<string> {
      let text = '';
      for await (const piece of pieces) text += piece;
      return text;
    }

    it.each([0, -3, 5])(
      'are neither found nor exported at %s, before what is kept',
      async seq => {
        if (seq > 0) await ledger.retention(quietLogger)!.run(knex);
        const kept = seq > 0 ? 12 : 24;
        const id = await forge(seq);
        const actor = VICTIM;
        const page = { limit: 100 };
        expect(await reader.search({ actor }, 'all', page)).toEqual({
          items: [],
        });
        const since = '2025-12-31T00:00:00Z';
        for (const filter of [
          {},
          { since },
          { until: '2027-01-01T00:00:00Z' },
        ]) {
          const { items } = await reader.search(filter, 'all', page);
          expect(items).toHaveLength(kept);
        }
        expect(await reader.record(id, 'all')).toBeUndefined();
        const { signal } = new AbortController();
        const tail = { after: 0, limit: 100, waitMs: 0, signal };
        expect((await reader.tail({}, 'all', tail)).items).toHaveLength(kept);
        expect(await all(exporter.csv({}, 'all'))).not.toContain(VICTIM);
        const lines = await all(exporter.jsonLines({}, 'all'));
        const { publicKey } = ledger.settings.keys.current;
        expect(
          await verifyExport(lines.split('\n'), { publicKey }),
        ).toMatchObject({ ok: true, records: kept });
        expect(await ledger.verifier.verify(knex)).toMatchObject({
          problem: { kind: 'inserted', seq, id },
        });
      },
    );

    const link = (row: RecordRow, text: string) =>
      linkHash(row.prev, row.seq, nodeCrypto.sha256(text), nodeCrypto);

    /** What somebody makes of record 15, whose actor it says was the victim. */
    const changes: Array<[string, (row: RecordRow) => Partial<RecordRow>]> = [
      [
        'changed, with columns and hash made to fit',
        row => {
          const body = {
            ...parseBody(row.body)!,
            actor: { kind: 'user' as const, ref: VICTIM },
          };
          const text = JSON.stringify(body);
          return { ...columnsOf(body), body: text, hash: link(row, text) };
        },
      ],
      ['changed where it is searched by', () => ({ actor: VICTIM })],
    ];

    it.each(changes)(
      'break an export off where one was %s',
      async (_, change) => {
        const row = (await new RecordStore(knex).at(15))!;
        await knex('records').where({ seq: 15 }).update(change(row));
        const named = new RegExp(
          `^The export was broken off: .*Record 15 \\(${row.id} .*audit-chain-broken.md$`,
        );
        const { publicKey } = ledger.settings.keys.current;
        for (const filter of [{ actor: VICTIM }, {}]) {
          const lines: string[] = [];
          const reading = read(exporter.jsonLines(filter, 'all'), lines);
          await expect(reading).rejects.toThrow(named);
          expect(await verifyExport(lines, { publicKey })).toMatchObject({
            ok: false,
          });
          expect(lines.slice(1)).toEqual([]);
          await expect(all(exporter.csv(filter, 'all'))).rejects.toThrow(named);
        }
        // What does not touch it can still be taken out.
        const before = { until: '2026-01-15T00:00:00Z' };
        const good = await all(exporter.jsonLines(before, 'all'));
        expect(
          await verifyExport(good.split('\n'), { publicKey }),
        ).toMatchObject({ ok: true, records: 8 });
      },
    );

    /** All ways by which somebody reads records. */
    async function everythingRead(id: string) {
      const { signal } = new AbortController();
      const tail = { after: 0, limit: 100, waitMs: 0, signal };
      const found = await reader.search({}, 'all', { limit: 100 });
      const followed = await reader.tail({}, 'all', tail);
      const one = await reader.record(id, 'all');
      return {
        listed: found.items,
        followed: followed.items,
        single: one!.record,
      };
    }

    it.each<[string, ProblemKind, (row: RecordRow) => Partial<RecordRow>]>([
      ['content', 'changed', ({ body }) => ({ body: `${body} ` })],
      ['content, to what nobody can read', 'changed', () => ({ body: 'gone' })],
      ['hash', 'changed', () => ({ hash: 'f'.repeat(64) })],
      ['place', 'changed', () => ({ seq: 1_000 })],
      [
        'place, to one that no number tells apart',
        'changed',
        () => ({ seq: knex.raw('9223372036854775807') as unknown as number }),
      ],
      ['content, columns and hash', 'recomputed', changes[0][1]],
      ['seal', 'recomputed', ({ seal }) => ({ seal: `${seal}0` })],
      [
        'time of sealing',
        'recomputed',
        () => ({ sealed_at: '2026-01-01T00:00:00.001Z' }),
      ],
      ['actor that it is found by', 'columns differ', changes[1][1]],
      ['being late', 'columns differ', () => ({ late: true })],
    ])(
      'are marked as suspect to whoever reads, where their %s was changed',
      async (_, kind, change) => {
        const row = (await new RecordStore(knex).at(15))!;
        const before = await everythingRead(row.id);
        for (const one of [...before.listed, ...before.followed]) {
          expect(one).not.toHaveProperty('suspect');
        }
        await knex('records').where({ seq: 15 }).update(change(row));
        const after = await everythingRead(row.id);
        const suspect = {
          kind,
          message: expect.stringContaining(`(${row.id} of ${row.at})`),
        };
        expect(after.single).toMatchObject({ id: row.id, suspect });
        // What stands far behind the end is not followed, or nothing sealed until there would be.
        const isFar = after.single.seq > 24;
        const reads = isFar ? [after.listed] : [after.listed, after.followed];
        for (const items of reads) {
          expect(items).toHaveLength(24);
          expect(items.filter(one => one.suspect)).toMatchObject([
            { id: row.id, suspect },
          ]);
        }
        expect(after.followed).toHaveLength(isFar ? 23 : 24);
      },
    );

    it('are told by the type of their values, where the database keeps any', async () => {
      if (databaseId !== 'SQLITE_3') return;
      const { publicKey } = ledger.settings.keys.current;
      for (const column of ['hash', 'body', 'sealed_at']) {
        const row = (await new RecordStore(knex).at(15))!;
        await knex('records')
          .where({ seq: 15 })
          .update({ [column]: knex.raw('cast(?? as blob)', [column]) });
        const { listed, followed, single } = await everythingRead(row.id);
        expect([column, listed.length, followed.length]).toEqual([
          ...[column, 24, 24],
        ]);
        const suspect = { kind: 'columns differ' };
        expect(single).toMatchObject({ id: row.id, suspect });
        expect(listed.filter(one => one.suspect)).toHaveLength(1);
        const lines: string[] = [];
        await expect(
          read(exporter.jsonLines({}, 'all'), lines),
        ).rejects.toThrow(/Record 15 /);
        expect(await verifyExport(lines, { publicKey })).toMatchObject({
          ok: false,
        });
        const stored = row[column as 'hash' | 'body' | 'sealed_at'];
        await knex('records')
          .where({ seq: 15 })
          .update({ [column]: stored });
      }
      expect(await ledger.verifier.verify(knex)).toMatchObject({ ok: true });
    });

    it('hide no intent, whatever outcome somebody gives it', async () => {
      const row = (await new RecordStore(knex).at(15))!;
      const forged: RecordBody = {
        ...parseBody(row.body)!,
        ...{ id: uuidv7(), phase: 'outcome', outcome: 'succeeded' },
        intent: row.id,
      };
      const last = (await new RecordStore(knex).last())!;
      const text = JSON.stringify(forged);
      const seq = last.seq + 1;
      const made = { ...last, seq, prev: last.hash, body: text };
      await knex('records').insert({
        ...{ ...made, ...columnsOf(forged), hash: link(made, text) },
      });
      const { items } = await reader.search({}, 'all', { limit: 100 });
      expect(items.find(one => one.id === row.id)).toBeDefined();
      expect(items.filter(one => one.suspect)).toMatchObject([
        { id: forged.id, suspect: { kind: 'recomputed' } },
      ]);
    });

    it('break an export off where one before it is missing', async () => {
      await knex('records').where({ seq: 15 }).delete();
      await expect(all(exporter.jsonLines({}, 'all'))).rejects.toThrow(
        /Record 15 .*removed/,
      );
    });

    it('are not exported where one was put behind the end', async () => {
      const row = (await new RecordStore(knex).at(15))!;
      await knex('records').insert({ ...row, id: 'planted', seq: 29 });
      for (const pieces of [
        exporter.jsonLines({}, 'all'),
        exporter.csv({}, 'all'),
      ]) {
        await expect(all(pieces)).rejects.toThrow(
          /does not verify\. Record 29 \(/,
        );
      }
    });

    it('are not exported to their end where the last ones were cut off', async () => {
      await knex('records').where('seq', '>', 20).delete();
      await knex('checkpoints').where('seq', '>', 20).delete();
      const last = (await new RecordStore(knex).last())!;
      await knex('chain').update({ head_seq: 20, head_hash: last.hash });
      const cut = /Record 21 and all that follow up to 24 are missing/;
      for (const pieces of [
        exporter.jsonLines({}, 'all'),
        exporter.csv({ actor: VICTIM }, 'all'),
      ]) {
        await expect(pieces.next()).rejects.toThrow(cut);
      }
    });

    it('are missed in a table too, whether they were asked for or not', async () => {
      await knex('records').where({ seq: 15 }).delete();
      await expect(all(exporter.csv({}, 'all'))).rejects.toThrow(
        /Record 15 .*removed/,
      );
      const environment = 'staging';
      await expect(all(exporter.csv({ environment }, 'all'))).rejects.toThrow(
        /Record 15 .*removed/,
      );
    });

    it('hide none behind an archive that was never made', async () => {
      const page = { limit: 100 };
      const { signal } = new AbortController();
      const tail = { after: 0, limit: 100, waitMs: 0, signal };
      const readings: Array<() => Promise<unknown>> = [
        () => reader.search({}, 'all', page),
        () => reader.tail({}, 'all', tail),
        () => all(exporter.jsonLines({}, 'all')),
        () => all(exporter.csv({}, 'all')),
      ];
      await ledger.retention(quietLogger)!.run(knex);
      for (const reading of readings) await reading();
      const { keyId, signature, ...real } = (await new ArchiveStore(
        knex,
      ).last())!;
      const made = { ...real, from: 13, to: 24 };
      await new ArchiveStore(knex).add({ ...made, keyId, signature });
      for (const reading of readings) {
        await expect(reading()).rejects.toThrow(/Record 24 .*has not signed/);
      }
    });

    it('break an export off that goes on from an archive that was never made', async () => {
      await ledger.retention(quietLogger)!.run(knex);
      await knex('archives').update({ hash: 'f'.repeat(64) });
      await expect(all(exporter.jsonLines({}, 'all'))).rejects.toThrow(
        /Record 12 .*has not signed/,
      );
    });
  },
);
