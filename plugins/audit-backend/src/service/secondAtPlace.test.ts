import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { body, DATABASES, openLedger } from '../__testUtils__/ledgers';
import { Ledger } from './Ledger';

const databases = TestDatabases.create({ ids: DATABASES });
const COUNT = 1_050;
jest.setTimeout(300_000);

describe.each(databases.eachSupportedId())(
  'a table of records that lost its key, on %s',
  databaseId => {
    let knex: Knex;
    let ledger: Ledger;

    const sealed = async () => {
      const row = await knex('records').max({ seq: 'seq' }).first();
      return Number(row?.seq) >= COUNT;
    };

    beforeAll(async () => {
      knex = await databases.init(databaseId);
      ledger = openLedger(knex, { intakeTimeoutMs: 60_000 });
      // Beside one another, as they come from many callers.
      const some = Array.from({ length: 50 });
      const write = () => ledger.intake.write(body());
      for (let done = 0; done < COUNT; done += some.length) {
        await Promise.all(some.map(write));
      }
      while (!(await ledger.loop.turn().then(() => sealed()))) continue;
      // As anybody can who may change the table.
      await knex.schema.renameTable('records', 'keyed');
      await knex.raw('create table records as select * from keyed');
    });

    /** The place of the first bad record that verifying names. */
    const problemIn = async (range?: { from: number; to: number }) => {
      const verdict = await ledger.verifier.verify(knex, range);
      return verdict.ok ? undefined : verdict.problem.seq;
    };

    // Also at the ends of what is read at once.
    it.each([1, 500, 999, 1_000, 1_001, COUNT])(
      'hides no second record at place %s',
      async seq => {
        expect(await problemIn()).toBeUndefined();
        const { ...row } = await knex('records').where({ seq }).first();
        const forged = {
          ...row,
          id: body().id,
          actor: 'user:default/framed',
          body: row.body.replace('user:default/ann', 'user:default/framed'),
        };
        for (const id of ['0000', 'ffff'].map(
          first => first + row.id.slice(4),
        )) {
          await knex('records').insert({ ...forged, id });
          for (const range of [undefined, { from: 1, to: seq }]) {
            expect([range, await problemIn(range)]).toEqual([range, seq]);
          }
          await knex('records').where({ id }).delete();
        }
      },
    );

    it('hides no place that many stand at', async () => {
      const row = await knex('records').where({ seq: 700 }).first();
      const many = Array.from({ length: 1_500 }, () => ({
        ...row,
        id: body().id,
      }));
      await knex.batchInsert('records', many, 50);
      expect(await problemIn()).toBe(700);
    });
  },
);

describe.each(databases.eachSupportedId())(
  'an intake that says yes and writes nothing, on %s',
  databaseId => {
    it('counts as one that cannot be written', async () => {
      const knex = await databases.init(databaseId);
      const ledger = openLedger(knex);
      await ledger.intake.write(body());
      const statements =
        databaseId === 'SQLITE_3'
          ? [
              `create trigger swallow before insert on intake when new.body like '%framed%' begin select raise(ignore); end`,
            ]
          : [
              `create function swallow() returns trigger language plpgsql as 'begin if new.body like ''%framed%'' then return null; end if; return new; end'`,
              `create trigger swallow before insert on intake for each row execute function swallow()`,
            ];
      for (const one of statements) await knex.raw(one);
      const actor = { kind: 'user', ref: 'user:default/framed' } as const;
      await expect(ledger.intake.write(body({ actor }))).rejects.toThrow();
      await ledger.intake.write(body());
    });
  },
);
