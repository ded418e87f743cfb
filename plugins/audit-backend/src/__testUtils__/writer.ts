// A process that writes records until it is killed, and says the id of each once it is written.
import createKnex from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { LedgerKeys } from '../keys/LedgerKeys';
import { Ledger } from '../service/Ledger';
import { quietLogger } from '../testing/quietLogger';

async function main([, , filename, key, spoolDirectory]: string[]) {
  const ledger = new Ledger({
    settings: {
      keys: LedgerKeys.fromPem(key),
      ...{ intakeTimeoutMs: 3_000, spoolDirectory },
      checkpoints: { everyMs: 0, everyRecords: 1, log: false },
    },
    database: {
      getClient: async () =>
        createKnex({
          ...{ client: 'better-sqlite3', connection: { filename } },
          useNullAsDefault: true,
        }),
    },
    logger: quietLogger,
  });
  ledger.start();
  for (;;) {
    const id = uuidv7();
    await ledger.intake.write({
      ...{ v: 1, id, at: new Date().toISOString(), plugin: 'test' },
      ...{ event: 'write', severity: 'medium', phase: 'intent' },
      actor: { kind: 'service', ref: 'plugin:test' },
      door: 'system',
    });
    process.stdout.write(`${id}\n`);
    // Sealing gets its turn at any moment between writes.
    if (Math.random() < 0.2) await ledger.loop.turn();
  }
}

main(process.argv).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
