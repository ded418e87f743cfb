import { TestDatabases } from '@backstage/backend-test-utils';
import { checkpointText } from '@highroad/plugin-audit-common';
import fc from 'fast-check';
import { Knex } from 'knex';
import { createPublicKey } from 'node:crypto';
import { DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { forgeRecords } from '../__testUtils__/forgeRecords';
import { RecordExporter } from '../search/RecordExporter';
import { RecordReader } from '../search/RecordReader';
import { Ledger } from '../service/Ledger';
import { generateKey } from './keyFile';
import { LedgerKeys } from './LedgerKeys';

const databases = TestDatabases.create({ ids: DATABASES });
/** More for a soak: HIGHROAD_TAMPERINGS=500 */
const RUNS = Number(process.env.HIGHROAD_TAMPERINGS ?? 5) * 4;
const SEED = Number(process.env.HIGHROAD_SEED ?? Date.now() % 1_000_000);
const EACH = 4;
const RECORDS = 3 * EACH;
const SIGNED = ['checkpoints', 'key_changes', 'seal_renewals'] as const;
const TABLES = ['records', 'chain', 'open_intents', 'leases', ...SIGNED];

const KEYS = [generateKey(), generateKey(), generateKey()];
const publicHalf = (key: string) =>
  createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();

jest.setTimeout(180_000 + RUNS * 2_000);

/** What somebody does who has the database, and a key of before or none. */
interface Attack {
  /** The record that is changed, and up to where hashes are made to fit */
  from: number;
  length: number;
  /** Which of the earlier keys it is sealed as, and whether that key was stolen */
  key: 0 | 1;
  stolen: boolean;
  /** Whether that key also signs the new end */
  signs: boolean;
  /** How the earlier keys are configured at those who look */
  previous: 'none' | 'public halves' | 'whole';
  /** What is deleted of what was signed, and from which place on */
  deleted: Array<(typeof SIGNED)[number]>;
  deletedFrom: number;
  /** What was there after the first change of keys is put back instead */
  putBack: boolean;
  /** Whether another process has begun to seal before somebody looks */
  goesOn: boolean;
}

const attacks: fc.Arbitrary<Attack> = fc
  .record<Attack>({
    from: fc.integer({ min: 1, max: RECORDS }),
    length: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: RECORDS })),
    key: fc.constantFrom(0, 1),
    stolen: fc.boolean(),
    signs: fc.boolean(),
    previous: fc.constantFrom('none', 'public halves', 'whole'),
    deleted: fc.subarray([...SIGNED]),
    deletedFrom: fc.integer({ min: 0, max: RECORDS }),
    putBack: fc.boolean(),
    goesOn: fc.boolean(),
  })
  // A stolen key that is still configured, and gone what says where it ended: only what was carried out speaks then.
  .filter(({ stolen, previous, deleted, putBack, signs }) => {
    if (!stolen || previous === 'none') return true;
    // What it signs stands in place of what the current key had signed there.
    if (previous === 'whole') return !putBack && !signs && !deleted.length;
    return !putBack && deleted.every(table => table === 'checkpoints');
  });

/** Of a key that is given as a whole, seals are believed behind its end: a process may still have it. Verifying is not fooled. */
const isTrusted = ({ stolen, previous, from }: Attack) =>
  stolen && previous === 'whole' && from > 2 * EACH;

describe.each(databases.eachSupportedId())(
  `records that changes of the signing key went over, on %s (HIGHROAD_SEED=${SEED})`,
  databaseId => {
    let knex: Knex;
    let untouched: Map<string, object[]>;
    let afterFirst: Map<string, object[]>;

    const ledger = (signing: string, previous: string[] = []): Ledger =>
      openLedger(knex, {
        keys: LedgerKeys.fromPem(signing, previous),
        checkpoints: { everyMs: 0, everyRecords: 1, log: false },
      });
    const tables = async () =>
      new Map(
        await Promise.all(
          TABLES.map(
            async (table): Promise<[string, object[]]> => [
              table,
              await knex(table),
            ],
          ),
        ),
      );
    async function put(rows: Map<string, object[]>, names: readonly string[]) {
      for (const name of names) {
        await knex(name).delete();
        const some = rows.get(name) ?? [];
        if (some.length > 0) await knex(name).insert(some);
      }
    }

    beforeAll(async () => {
      knex = await databases.init(databaseId);
      for (const [at, key] of KEYS.entries()) {
        const one = ledger(key, KEYS.slice(Math.max(0, at - 1), at));
        await fill(one, EACH / 2);
        await fill(one, EACH / 2);
        await one.loop.stop();
        if (at === 1) afterFirst = await tables();
      }
      untouched = await tables();
    });

    async function attack(made: Attack): Promise<void> {
      const { from, length, key, stolen, signs } = made;
      const to = Math.min(RECORDS, from + length - 1);
      const keys = LedgerKeys.fromPem(KEYS[key]);
      const seal = stolen ? keys : { as: keys.current.id };
      await forgeRecords(knex, { from, to }, seal);
      if (made.putBack) {
        await put(afterFirst, ['key_changes', 'seal_renewals']);
      }
      for (const table of made.deleted) {
        const rows = knex(table).where('seq', '>=', made.deletedFrom);
        await rows.delete();
      }
      if (!stolen || !signs) return;
      const { chain } = await knex('chain').first();
      const { hash } = await knex('records').where({ seq: to }).first();
      const at = '2026-06-01T00:00:00.000Z';
      const content = { chain, seq: to, hash, at };
      const { keyId, signature } = keys.sign(checkpointText(content));
      await knex('checkpoints').where({ seq: to }).delete();
      await knex('checkpoints').insert({
        ...{ ...content, key_id: keyId, signature },
      });
    }

    async function found(one: Ledger, seq: number) {
      const { head, settings, verifier } = one;
      const shared = {
        ...{ database: async () => knex, verifier, keys: settings.keys },
        now: () => new Date('2026-06-01T00:00:00.000Z'),
      };
      const { items } = await new RecordReader({ ...shared, head }).search(
        ...([{}, 'all', { limit: 200 }] as const),
      );
      let broken = false;
      try {
        const lines = new RecordExporter(shared).jsonLines({}, 'all');
        for await (const _ of lines);
      } catch {
        broken = true;
      }
      const { ok, warnings } = await verifier.verify(knex);
      return {
        suspect: items.find(item => item.seq === seq)?.suspect !== undefined,
        noticed: !ok || warnings.some(text => text.includes('not proven')),
        broken,
      };
    }

    it('are believed by nobody once they were changed, whatever of what was signed is gone', async () => {
      await fc.assert(
        fc.asyncProperty(attacks, async made => {
          await put(untouched, TABLES);
          const earlier = KEYS.slice(0, 2);
          const previous = {
            none: [],
            'public halves': earlier.map(publicHalf),
            whole: earlier,
          }[made.previous];
          const looks = () => ledger(KEYS[2], previous);
          // The control: what nobody touched is believed.
          expect(await found(looks(), made.from)).toEqual({
            ...{ suspect: false, noticed: false, broken: false },
          });
          await attack(made);
          if (made.goesOn) {
            await knex('leases').delete();
            // It may refuse to.
            await looks()
              .loop.turn()
              .catch(() => {});
          }
          const { suspect, ...rest } = await found(looks(), made.from);
          expect({
            ...{ ...rest, suspect: suspect || isTrusted(made) },
          }).toEqual({ noticed: true, broken: true, suspect: true });
        }),
        { numRuns: RUNS, seed: SEED },
      );
    });
  },
);
