import { Knex } from 'knex';
import { isSqlite } from './isSqlite';

/** In PostgreSQL's words: nobody holds the ledger's locks for so long who is still there. */
const LONGEST = '30s';

/**
 * A transaction that waits for no lock for ever, and that PostgreSQL ends where its client is gone without having said so:
 * its locks would stand in everybody's way. SQLite waits no longer than its driver is set to.
 */
export function boundedTransaction<T>(
  db: Knex,
  work: (tx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  return db.transaction(async tx => {
    if (!isSqlite(db)) {
      await tx.raw(
        `set local lock_timeout = '${LONGEST}'; set local idle_in_transaction_session_timeout = '${LONGEST}'`,
      );
    }
    return work(tx);
  });
}
