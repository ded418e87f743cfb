import { TestDatabases } from '@backstage/backend-test-utils';
import {
  checkpointText,
  keyChangeText,
  verifyExport,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { createPublicKey } from 'node:crypto';
import { forgeRecords } from '../__testUtils__/forgeRecords';
import { DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { RecordStore } from '../database/RecordStore';
import { RecordExporter } from '../search/RecordExporter';
import { RecordReader } from '../search/RecordReader';
import { chainState } from '../service/chainState';
import { Ledger } from '../service/Ledger';
import { verdictOf } from '../service/verdict';
import { generateRecords } from '../testing/generateRecords';
import { generateKey } from './keyFile';
import { LedgerKeys } from './LedgerKeys';

const databases = TestDatabases.create({ ids: DATABASES });
const [OLD, NEW, FOREIGN] = [generateKey(), generateKey(), generateKey()];

function generated(count: number, keys: LedgerKeys) {
  const chain = 'c'.repeat(64);
  const rows = [
    ...generateRecords({
      ...{ count, keys, chain, random: () => 0.5 },
      size: {
        ...{ services: 5, people: 5, days: 1 },
        end: new Date('2026-05-01T00:00:00.000Z'),
      },
    }),
  ].map(({ row }) => row);
  const { seq, hash } = rows[count - 1];
  return {
    rows,
    chain: {
      ...{ one: 1, chain, head_seq: seq, head_hash: hash },
      started_at: rows[0].at,
    },
  };
}
const publicHalf = (key: string) =>
  createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();
const keyOf = (key: string) => LedgerKeys.fromPem(key).current;

describe.each(databases.eachSupportedId())(
  'after a change of the signing key, on %s',
  databaseId => {
    let knex: Knex;

    beforeEach(async () => {
      knex = await databases.init(databaseId);
    });

    /** A replica with these keys. Its file of checkpoints is missing, so that all is proven by the database. */
    const ledger = (signing: string, previous: string[] = []): Ledger =>
      openLedger(knex, {
        keys: LedgerKeys.fromPem(signing, previous),
        checkpoints: { everyMs: 0, everyRecords: 1, log: false },
      });

    async function write(one: Ledger, count = 6) {
      await fill(one, count);
      // Signs, and gives the right to seal to the next one.
      await one.loop.stop();
    }

    async function exported(one: Ledger): Promise<string[]> {
      const exporter = new RecordExporter({
        ...{ database: async () => knex, keys: one.settings.keys },
        verifier: one.verifier,
        now: () => new Date('2026-06-01T00:00:00.000Z'),
      });
      let text = '';
      for await (const piece of exporter.jsonLines({}, 'all')) text += piece;
      return text.split('\n');
    }

    const verifiedWith = (lines: string[], key: string) =>
      verifyExport(lines, { publicKey: keyOf(key).publicKey });

    async function read(one: Ledger) {
      const { keys } = one.settings;
      const reader = new RecordReader({
        ...{ database: async () => knex, keys, head: one.head },
        verifier: one.verifier,
        now: () => new Date('2026-06-01T00:00:00.000Z'),
      });
      return (await reader.search({}, 'all', { limit: 200 })).items;
    }

    const sealAgain = (from: number, key: string | undefined, to: number) =>
      forgeRecords(
        ...([knex, { from, to }] as const),
        key ? LedgerKeys.fromPem(key) : { as: keyOf(OLD).id },
      );

    const changeAndComputeAgain = (from: number) =>
      forgeRecords(knex, { from, to: Infinity });

    it('all of it, and any part, is verified, and it is said which key signed what', async () => {
      await write(ledger(OLD));
      await write(ledger(NEW, [OLD]));
      // Nothing but the current key is configured: the ledger itself knows the other's public half.
      const now = ledger(NEW);
      const verdict = await now.verifier.verify(knex);
      expect(verdict).toMatchObject({
        ...{ ok: true, checked: 12 },
        signedBy: [
          { keyId: keyOf(OLD).id, from: 6, to: 6 },
          { keyId: keyOf(NEW).id, from: 12, to: 12 },
        ],
      });
      expect(verdictOf(verdict, 1).summary).toContain(
        `1 by the key ${keyOf(OLD).id} (6 to 6), 1 by the key ${
          keyOf(NEW).id
        } (12 to 12)`,
      );
      expect(await now.verifier.verify(knex, { from: 2, to: 4 })).toMatchObject(
        {
          ...{ ok: true, checked: 6 },
          signedBy: [{ keyId: keyOf(OLD).id }],
        },
      );
      expect((await chainState(now)).publicKeys).toEqual([
        { keyId: keyOf(NEW).id, publicKey: keyOf(NEW).publicKey },
        {
          ...{ keyId: keyOf(OLD).id, publicKey: keyOf(OLD).publicKey },
          retired: { upToSeq: 6, at: expect.any(String), renewed: true },
        },
      ]);
    });

    it('exports from before and after verify with the key that signed them, and newer ones also with the older', async () => {
      await write(ledger(OLD));
      const before = await exported(ledger(OLD));
      await write(ledger(NEW, [OLD]));
      const after = await exported(ledger(NEW));
      expect(await verifiedWith(before, OLD)).toMatchObject({
        ...{ ok: true, records: 6, keyId: keyOf(OLD).id },
      });
      expect(await verifiedWith(before, NEW)).toMatchObject({
        problem: {
          kind: 'not signed',
          message: expect.stringContaining('was a key of the ledger before'),
        },
      });
      for (const key of [OLD, NEW]) {
        expect(await verifiedWith(after, key)).toMatchObject({
          ...{ ok: true, records: 12, keyId: keyOf(NEW).id },
          signedBy: [{ keyId: keyOf(OLD).id }, { keyId: keyOf(NEW).id }],
        });
      }
      expect(await verifiedWith(after, FOREIGN)).toMatchObject({ ok: false });
    });

    it('the very record that was changed under the earlier key is still named, by seals that were renewed', async () => {
      await write(ledger(OLD));
      await write(ledger(NEW, [OLD]));
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        ok: true,
      });
      await knex('checkpoints').delete();
      await changeAndComputeAgain(3);
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        problem: { kind: 'recomputed', seq: 3 },
      });
    });

    it('seals that were wrong before are not made right', async () => {
      await write(ledger(OLD));
      await changeAndComputeAgain(4);
      await write(ledger(NEW, [OLD]));
      expect(await ledger(NEW, [OLD]).verifier.verify(knex)).toMatchObject({
        problem: { kind: 'recomputed', seq: 4 },
      });
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        problem: {
          ...{ kind: 'recomputed', seq: 4 },
          message: expect.stringContaining('does not count there'),
        },
      });
    });

    it('with the public half alone, as after the key was lost, the old is proven by its checkpoints', async () => {
      await write(ledger(OLD));
      await write(ledger(NEW, [publicHalf(OLD)]));
      const now = ledger(NEW);
      expect(await now.verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 12, signedBy: [{}, {}] },
      });
      const after = await exported(now);
      expect(await verifiedWith(after, NEW)).toMatchObject({ ok: true });
      // The old one could not hand over.
      expect(await verifiedWith(after, OLD)).toMatchObject({ ok: false });
      await changeAndComputeAgain(3);
      expect(await now.verifier.verify(knex)).toMatchObject({ ok: false });
    });

    it('a row planted among the checkpoints takes nothing from what a lost key is proven to have sealed', async () => {
      await write(ledger(OLD));
      const last = await knex('checkpoints').orderBy('seq', 'desc').first();
      await knex('checkpoints').insert({ ...last, seq: 1_000_000_000 });
      await write(ledger(NEW, [publicHalf(OLD)]));
      await knex('checkpoints').where({ seq: 1_000_000_000 }).delete();
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 12, signedBy: [{}, {}] },
      });
    });

    it('a good record put at another place takes the earlier key no further than it sealed', async () => {
      await write(ledger(OLD));
      const row = await knex('records').orderBy('seq', 'desc').first();
      await knex('records').insert({ ...row, id: 'planted', seq: 1_000 });
      await write(ledger(NEW, [OLD]));
      await knex('records').where({ seq: 1_000 }).delete();
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 12 },
      });
      expect((await chainState(ledger(NEW))).publicKeys[1]).toMatchObject({
        retired: { upToSeq: 6 },
      });
    });

    it('nothing is taken for forged that replicas sealed with the old key while others had the new one', async () => {
      await write(ledger(OLD));
      await write(ledger(NEW, [OLD]));
      await write(ledger(OLD));
      await write(ledger(NEW, [OLD]));
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 24 },
      });
      expect((await chainState(ledger(NEW))).publicKeys[1]).toMatchObject({
        retired: { upToSeq: 18, renewed: true },
      });
    });

    it('what a forgotten replica sealed with the old key is told from the rest, until that key is given again', async () => {
      await write(ledger(OLD));
      await write(ledger(NEW, [OLD]));
      await write(ledger(OLD));
      await write(ledger(NEW));
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        problem: { kind: 'recomputed', seq: 13 },
      });
      await write(ledger(NEW, [OLD]));
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 30 },
      });
    });

    it('some seals at a time are renewed, also after a restart half-way, and verifying says so', async () => {
      const keys = LedgerKeys.fromPem(OLD);
      const { chain, rows } = generated(1_200, keys);
      await ledger(OLD).database();
      await knex('chain').insert(chain);
      await knex.batchInsert('records', rows, 100);
      const first = ledger(NEW, [OLD]);
      await first.loop.turn();
      const half = await first.verifier.verify(knex);
      expect(verdictOf(half, 1).summary).toContain(
        'up to record 500 of 1200. Keep platform.audit.previousKeys',
      );
      await knex('leases').delete();
      const second = ledger(NEW, [OLD]);
      for (let turn = 0; turn < 3; turn++) await second.loop.turn();
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 1_200 },
      });
    });

    it('several changes, back to an earlier key too, leave everything proven', async () => {
      await write(ledger(OLD));
      await write(ledger(NEW, [OLD]));
      await write(ledger(OLD, [NEW]));
      expect(await ledger(OLD).verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 18 },
      });
      await write(ledger(NEW, [OLD]));
      await write(ledger(FOREIGN, [NEW]));
      const now = ledger(FOREIGN);
      expect(await now.verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 30 },
      });
      expect((await read(now)).every(({ suspect }) => !suspect)).toBe(true);
      await sealAgain(3, OLD, 3);
      expect(await now.verifier.verify(knex)).toMatchObject({
        problem: { kind: 'recomputed', seq: 3 },
      });
    });

    describe('somebody who has the database, and seals with', () => {
      /** What is put in place of a seal, and whether the earlier key was given as a whole. */
      const forgers: Array<[string, string | undefined, string[]]> = [
        ['anything, said to be by the earlier key', undefined, []],
        [
          'anything, while its public half is configured',
          undefined,
          [publicHalf(OLD)],
        ],
        ['the earlier key, which was stolen', OLD, []],
        [
          'the stolen key, while its public half is configured',
          OLD,
          [publicHalf(OLD)],
        ],
        ['the stolen key, while it is configured', OLD, [OLD]],
      ];

      it.each(forgers)('%s, changes no record', async (_, key, previous) => {
        await write(ledger(OLD));
        await write(ledger(NEW, [OLD]));
        const now = ledger(NEW, previous);
        const row = (await new RecordStore(knex).at(3))!;
        await sealAgain(3, key, 3);
        expect(
          (await read(now)).filter(({ suspect }) => suspect),
        ).toMatchObject([{ id: row.id, seq: 3 }]);
        await expect(exported(now)).rejects.toThrow(/Record 3 .*earlier key/);
        expect(await now.verifier.verify(knex)).toMatchObject({ ok: false });
      });

      it.each(forgers)(
        '%s, does not write the whole chain anew, also with all that was signed gone',
        async (_, key, previous) => {
          await write(ledger(OLD));
          await write(ledger(NEW, [OLD]));
          await sealAgain(3, key, 12);
          const checks = async () => {
            const now = ledger(NEW, previous);
            expect(await now.verifier.verify(knex)).toMatchObject({
              ok: false,
            });
            expect(
              (await read(now)).find(({ seq }) => seq === 3),
            ).toMatchObject({ suspect: { kind: 'recomputed' } });
            await expect(exported(now)).rejects.toThrow(/broken off/);
          };
          await checks();
          await knex('checkpoints').delete();
          await checks();
          // Whoever has a key and deletes all that was signed after it has the ledger, until what was carried out speaks.
          if (key && previous.length > 0) return;
          await knex('key_changes').delete();
          await knex('seal_renewals').delete();
          await checks();
          // Nor is it believed by the next one to seal.
          await knex('leases').delete();
          const next = ledger(NEW, previous);
          await next.loop.turn().catch(() => {});
          await checks();
        },
      );

      it('anything, gives nobody what a lost key had sealed and signed', async () => {
        await write(ledger(OLD));
        // The key is lost before the new one has sealed anything in its place.
        await sealAgain(3, undefined, 6);
        await write(ledger(NEW, [publicHalf(OLD)]));
        const now = ledger(NEW);
        expect(await now.verifier.verify(knex)).toMatchObject({ ok: false });
        expect(
          (await read(now)).flatMap(({ suspect, seq }) => (suspect ? seq : [])),
        ).toEqual([6, 5, 4, 3, 2, 1]);
      });
    });

    it('what a lost key had sealed is sealed by the new one, as far as it was signed; the rest stays marked', async () => {
      await write(ledger(OLD));
      const last = ledger(OLD);
      last.checkpoints.make = async () => undefined;
      await fill(last, 3);
      await knex('leases').delete();
      await write(ledger(NEW, [publicHalf(OLD)]));
      const now = ledger(NEW);
      const verdict = await now.verifier.verify(knex);
      expect(verdict).toMatchObject({ ok: true, checked: 15 });
      expect(verdict.warnings).toEqual([
        expect.stringMatching(/^Records 7 to 9 are not proven: .* earlier key/),
      ]);
      expect(
        (await read(now)).flatMap(({ suspect, seq }) => (suspect ? seq : [])),
      ).toEqual([9, 8, 7]);
      await sealAgain(8, undefined, 8);
      expect(await now.verifier.verify(knex)).toMatchObject({ ok: false });
    });

    it('no key is believed that somebody put among the earlier ones', async () => {
      await write(ledger(OLD));
      const foreign = LedgerKeys.fromPem(FOREIGN);
      const { chain, head_hash: hash } = await knex('chain').first();
      const content = {
        ...{ chain, seq: 6, hash, at: '2026-06-01T00:00:00.000Z' },
        retired: foreign.current.publicKey,
        successor: keyOf(OLD).publicKey,
      };
      await knex('key_changes').insert({
        ...{ ...content, handover: null },
        signature: foreign.sign(keyChangeText(content)).signature,
      });
      const alone = await ledger(OLD).verifier.verify(knex);
      expect(alone).toMatchObject({
        ok: true,
        warnings: [
          expect.stringMatching(
            /^1 changes of the signing key .* none of the known keys has signed, the first behind record 6/,
          ),
        ],
      });
      expect((await exported(ledger(OLD)))[0]).not.toContain(content.retired);
      const forged = { chain, seq: 6, hash, at: content.at };
      const { keyId, signature } = foreign.sign(checkpointText(forged));
      await knex('checkpoints')
        .where({ seq: 6 })
        .update({
          ...{ at: forged.at, key_id: keyId, signature },
        });
      expect(await ledger(OLD).verifier.verify(knex)).toMatchObject({
        problem: { kind: 'checkpoint forged', seq: 6 },
      });
      expect((await chainState(ledger(OLD))).publicKeys).toHaveLength(1);
    });
  },
);
