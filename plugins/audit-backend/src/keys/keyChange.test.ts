import { TestDatabases } from '@backstage/backend-test-utils';
import {
  checkpointText,
  columnsOf,
  keyChangeText,
  linkHash,
  parseBody,
  verifyExport,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { createPublicKey } from 'node:crypto';
import { DATABASES, fill, openLedger } from '../__testUtils__/ledgers';
import { RecordStore } from '../database/RecordStore';
import { RecordExporter } from '../search/RecordExporter';
import { chainState } from '../service/chainState';
import { Ledger } from '../service/Ledger';
import { verdictOf } from '../service/verdict';
import { generateKey } from './keyFile';
import { LedgerKeys } from './LedgerKeys';
import { nodeCrypto } from './nodeCrypto';

const databases = TestDatabases.create({ ids: DATABASES });
const [OLD, NEW, FOREIGN] = [generateKey(), generateKey(), generateKey()];
const publicHalf = (key: string) =>
  createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();
const keyOf = (key: string) => LedgerKeys.fromPem(key).current;

jest.setTimeout(120_000);

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

    /** What somebody does who has the database, and makes hashes fit up to the end. */
    async function changeAndComputeAgain(from: number) {
      const rows = await new RecordStore(knex).from(1, 1_000);
      let { prev } = rows[from - 1];
      for (const row of rows.slice(from - 1)) {
        const body = parseBody(row.body)!;
        if (row.seq === from) body.actor.ref = 'user:default/eve';
        const text = JSON.stringify(body);
        const digest = nodeCrypto.sha256(text);
        const hash = linkHash(prev, row.seq, digest, nodeCrypto);
        await knex('records')
          .where({ seq: row.seq })
          .update({ ...columnsOf(body), body: text, prev, hash });
        prev = hash;
      }
      await knex('chain').update({ head_hash: prev });
    }

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
          retired: { upToSeq: 6, at: expect.any(String) },
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
      // By the public half alone it is known up to a checkpoint.
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        problem: {
          ...{ kind: 'recomputed', seq: 6 },
          message: expect.stringContaining('between 1 and 6'),
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

    it('nothing is taken for forged that replicas sealed with the old key while others had the new one', async () => {
      await write(ledger(OLD));
      await write(ledger(NEW, [OLD]));
      await write(ledger(OLD));
      await write(ledger(NEW, [publicHalf(OLD)]));
      expect(await ledger(NEW).verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: 24 },
      });
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
