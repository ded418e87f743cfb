import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { quietLogger } from '../testing/quietLogger';
import { Ledger } from './Ledger';

const databases = TestDatabases.create({ ids: DATABASES });
const DAY = 24 * 60 * 60_000;

describe.each(databases.eachSupportedId())(
  'the file of checkpoints beside the database on %s',
  databaseId => {
    let knex: Knex;
    let ledger: Ledger;
    let folder: string;
    let file: string;
    let time: number;

    /** Checkpoints of the records 3, 6, 9, and 12. */
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-audit-'));
      file = join(folder, 'checkpoints.jsonl');
      knex = await databases.init(databaseId);
      time = Date.parse('2026-01-01T00:00:00.000Z');
      ledger = openLedger(knex, {
        checkpoints: { everyMs: 0, everyRecords: 1, log: false, file },
        retention: { days: 30, directory: join(folder, 'archive') },
        now: () => new Date(time),
      });
      for (let turn = 0; turn < 4; turn++) await more();
    });

    afterEach(() => rm(folder, { recursive: true, force: true }));

    async function more(): Promise<void> {
      await fill(ledger, 3, { at: new Date(time).toISOString() });
      time += 10 * DAY;
    }

    async function warnings(range = {}): Promise<string[]> {
      const found = await ledger.verifier.verify(knex, range);
      expect(found).toMatchObject({ ok: true });
      return found.warnings;
    }

    const lacks = (count: number, first: number) => [
      expect.stringMatching(
        `^${file} lacks checkpoints that the database has \\(${count}, the first is that of record ${first}\\): `,
      ),
    ];

    it('agrees with it, also after some were archived', async () => {
      expect(await warnings()).toEqual([]);
      expect(await warnings({ from: 4, to: 6 })).toEqual([]);
      await ledger.retention(quietLogger)!.run(knex);
      expect(await knex('archives')).toHaveLength(1);
      expect(await warnings()).toEqual([]);
    });

    it('warns of lines that were cut, emptied, or begun anew', async () => {
      const lines = (await readFile(file, 'utf8')).split('\n');
      await writeFile(file, `${lines[0]}\n`);
      expect(await warnings()).toEqual(lacks(3, 6));
      await writeFile(file, [lines[0], lines[3], ''].join('\n'));
      expect(await warnings()).toEqual(lacks(2, 6));
      await writeFile(file, '');
      expect(await warnings()).toEqual(lacks(4, 3));
      expect(await warnings({ from: 7 })).toEqual(lacks(2, 9));
      await rm(file);
      expect(await warnings()).toEqual([
        expect.stringContaining(`${file} is gone`),
      ]);
      await more();
      expect(await warnings()).toEqual(lacks(4, 3));
    });

    it('does not miss one that is just being written', async () => {
      const lines = (await readFile(file, 'utf8')).split('\n');
      await writeFile(file, lines.slice(0, 3).join('\n'));
      const [{ at }] = await knex('checkpoints').where({ seq: 12 });
      time = Date.parse(at) + 1_000;
      expect(await warnings()).toEqual([]);
      time += 60_000;
      expect(await warnings()).toEqual(lacks(1, 12));
    });

    it('warns of those that were removed from the database', async () => {
      await knex('checkpoints').whereIn('seq', [6, 12]).delete();
      const found = [
        expect.stringMatching(
          /^The database lacks checkpoints that .* has \(2, the first is that of record 6\): /,
        ),
      ];
      expect(await warnings()).toEqual(found);
      await knex('checkpoints').delete();
      expect(await warnings()).toEqual([
        expect.stringContaining('has (4, the first is that of record 3)'),
      ]);
    });

    it('warns where all checkpoints are gone, in the database and outside, though there should be some', async () => {
      await knex('checkpoints').delete();
      await rm(file);
      expect(await warnings()).toEqual([
        expect.stringMatching(
          /^No checkpoint is known, though record 1 was sealed at 2026-01-01T/,
        ),
      ]);
    });

    it('warns of what is not signed behind an archive', async () => {
      await ledger.retention(quietLogger)!.run(knex);
      await knex('checkpoints').delete();
      await rm(file);
      expect(await warnings()).toEqual([
        expect.stringContaining('No checkpoint is known behind record '),
      ]);
    });

    it('does not ask for one before its time', async () => {
      const later = openLedger(knex, {
        checkpoints: { everyMs: 10_000, everyRecords: 1_000, log: false },
        now: () => new Date(time),
      });
      await fill(later, 1, { at: new Date(time).toISOString() });
      await knex('checkpoints').where('seq', '>', 12).delete();
      time += 60_000;
      expect((await later.verifier.verify(knex)).warnings).toEqual([]);
      time += 20_000;
      expect((await later.verifier.verify(knex)).warnings).toEqual([
        expect.stringContaining('behind record 12, though record 13 was'),
      ]);
    });
  },
);
