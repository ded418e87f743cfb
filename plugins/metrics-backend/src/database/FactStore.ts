import { Knex } from 'knex';
import { Facts } from '../facts/Facts';
import {
  changeRow,
  dailyRow,
  deploymentRow,
  incidentRow,
  Row,
  serviceRow,
} from './factRows';
import { chunks } from './LedgerStore';

/** What tells the rows of a service apart, in each table. */
const TABLES = {
  deployment_facts: ['environment', 'deployment'],
  change_facts: ['environment', 'change'],
  incident_facts: ['environment', 'incident'],
  daily: ['environment', 'day', 'owner', 'system', 'example'],
  service_facts: [],
} as const;
type Table = keyof typeof TABLES;
const MOST_VALUES = 5_000;

/** What follows from the ledger. It could be thrown away and computed again. */
export class FactStore {
  /**
   * Makes the tables say of a service what its facts are: only rows that differ are written.
   *
   * @returns how many rows were written or removed
   */
  async put(
    service: string,
    facts: Facts,
    transaction: Knex.Transaction,
  ): Promise<number> {
    const sync = (table: Table, rows: Row[]) =>
      syncRows(transaction, { table, service, rows });
    return (
      (await sync('deployment_facts', facts.deployments.map(deploymentRow))) +
      (await sync('change_facts', facts.changes.map(changeRow))) +
      (await sync('incident_facts', facts.incidents.map(incidentRow))) +
      (await sync('daily', facts.daily.map(dailyRow))) +
      (await sync(
        'service_facts',
        facts.service ? [serviceRow(facts.service)] : [],
      ))
    );
  }
}

async function syncRows(
  transaction: Knex.Transaction,
  { table, service, rows }: { table: Table; service: string; rows: Row[] },
): Promise<number> {
  const key = (row: Row) =>
    JSON.stringify(TABLES[table].map(column => normal(row[column])));
  const there: Row[] = await transaction(table).where({ service });
  const known = new Map(there.map(row => [key(row), row]));
  const changed: Row[] = [];
  for (const row of rows) {
    const old = known.get(key(row));
    known.delete(key(row));
    const same =
      old &&
      Object.keys(row).every(name => normal(row[name]) === normal(old[name]));
    if (!same) changed.push(row);
  }
  for (const gone of known.values()) {
    const where = Object.fromEntries(
      TABLES[table].map(column => [column, gone[column]]),
    );
    await transaction(table)
      .where({ service, ...where })
      .delete();
  }
  const columns = Object.keys(changed[0] ?? {}).length || 1;
  for (const part of chunks(changed, Math.floor(MOST_VALUES / columns))) {
    await transaction(table)
      .insert(part)
      .onConflict(['service', ...TABLES[table]])
      .merge();
  }
  return changed.length + known.size;
}

/** The same in every database: SQLite has numbers for booleans, PostgreSQL text for large numbers. */
function normal(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
