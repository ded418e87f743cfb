import { TestDatabases } from '@backstage/backend-test-utils';
import createKnex, { Knex } from 'knex';
import { body, openLedger } from '../__testUtils__/ledgers';
import { RecordStore } from '../database/RecordStore';
import { Ledger } from './Ledger';

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const onPostgres = databases.supports('POSTGRES_18') ? describe : describe.skip;
const EACH = 300;

onPostgres('two backends on one ledger [needs postgres]', () => {
  let connections: Knex[];
  let ledgers: Ledger[];

  beforeEach(async () => {
    // Each with a pool of its own, as in processes of their own.
    const knex = await databases.init('POSTGRES_18');
    const { client, connection } = knex.client.config;
    connections = [1, 2].map(() => createKnex({ client, connection }));
    ledgers = connections.map(each => openLedger(each));
  });

  afterEach(async () => {
    await Promise.all(ledgers.map(ledger => ledger.stop()));
  });

  it('make its tables once, though both start at the same moment', async () => {
    await Promise.all(ledgers.map(ledger => ledger.database()));
    await Promise.all(ledgers.map(ledger => ledger.intake.write(body())));
    expect(await connections[0]('intake').select('id')).toHaveLength(2);
  });

  it('write one chain at the same time, and take over from each other', async () => {
    await Promise.all(ledgers.map(ledger => ledger.database()));
    const ids: string[] = [];
    const write = async (ledger: Ledger) => {
      for (let n = 0; n < EACH; n++) {
        const one = body();
        ids.push(one.id);
        await ledger.intake.write(one);
        if (n % 20 === 0) await ledger.loop.turn();
        // The one that seals now and then stops, as for an update.
        if (n % 75 === 74) await ledger.loop.stop();
      }
    };
    await Promise.all(ledgers.map(write));
    for (const ledger of ledgers) {
      await ledger.loop.turn();
      await ledger.loop.stop();
    }
    await ledgers[0].loop.turn();

    const rows = await new RecordStore(connections[1]).from(1, 10_000);
    expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const [index, ledger] of ledgers.entries()) {
      expect(await ledger.verifier.verify(connections[index])).toMatchObject({
        ...{ ok: true, checked: 2 * EACH },
      });
    }
  });
});
