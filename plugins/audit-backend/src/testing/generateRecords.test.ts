import createKnex from 'knex';
import { openLedger, TEST_KEY } from '../__testUtils__/ledgers';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { RecordEnvironmentStore } from '../database/RecordEnvironmentStore';
import { RecordStore } from '../database/RecordStore';
import { LedgerKeys } from '../keys/LedgerKeys';
import { generateRecords } from './generateRecords';

it('gives records that a ledger verifies as its own', async () => {
  const knex = createKnex({
    ...{ client: 'better-sqlite3', connection: ':memory:' },
    useNullAsDefault: true,
  });
  const ledger = openLedger(knex);
  const db = await ledger.database();
  const chain = 'a'.repeat(64);
  const end = new Date('2026-05-01T00:00:00.000Z');
  const generated = [
    ...generateRecords({
      ...{ count: 2_500, chain, keys: LedgerKeys.fromPem(TEST_KEY) },
      size: { services: 50, people: 10, days: 30, end },
      random: Math.random,
    }),
  ];
  await new RecordStore(db).add(generated.map(({ row }) => row));
  await new RecordEnvironmentStore(db).add(
    generated.flatMap(({ row: { seq }, environments }) =>
      environments.map(environment => ({ seq, environment })),
    ),
  );
  for (const { checkpoint } of generated) {
    if (checkpoint) await new CheckpointStore(db).add(checkpoint);
  }
  await new ChainStore(db).begin(chain, end.toISOString());
  const { seq, hash } = generated[2_499].row;
  await new ChainStore(db).moveHead({ seq, hash });
  expect(await ledger.verifier.verify(db)).toMatchObject({
    ...{ ok: true, checked: 2_500, checkpoints: 2 },
  });
  await ledger.stop();
});
