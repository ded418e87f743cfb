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
   * Makes the tables say of some services what their facts are: only rows that differ are written.
   *
   * @returns how many rows were written or removed
   */
  async put(
    facts: Map<string, Facts>,
    transaction: Knex.Transaction,
  ): Promise<number> {
    const services = [...facts.keys()];
    const all = [...facts.values()];
    const sync = (table: Table, rows: Row[]) =>
      syncRows(transaction, { table, services, rows });
    return (
      (await sync(
        'deployment_facts',
        all.flatMap(one => one.deployments.map(deploymentRow)),
      )) +
      (await sync(
        'change_facts',
        all.flatMap(one => one.changes.map(changeRow)),
      )) +
      (await sync(
        'incident_facts',
        all.flatMap(one => one.incidents.map(incidentRow)),
      )) +
      (await sync(
        'daily',
        all.flatMap(one => one.daily.map(dailyRow)),
      )) +
      (await sync(
        'service_facts',
        all.flatMap(one => (one.service ? [serviceRow(one.service)] : [])),
      ))
    );
  }
}

async function syncRows(
  transaction: Knex.Transaction,
  options: { table: Table; services: string[]; rows: Row[] },
): Promise<number> {
  const { table, services, rows } = options;
  const columns = ['service', ...TABLES[table]];
  const key = (row: Row) =>
    JSON.stringify(columns.map(column => normal(row[column])));
  const there: Row[] = await transaction(table).whereIn('service', services);
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
      columns.map(column => [column, gone[column]]),
    );
    await transaction(table).where(where).delete();
  }
  const width = Object.keys(changed[0] ?? {}).length || 1;
  for (const part of chunks(changed, Math.floor(MOST_VALUES / width))) {
    await transaction(table).insert(part).onConflict(columns).merge();
  }
  return changed.length + known.size;
}

/** The same in every database: SQLite has numbers for booleans, PostgreSQL text for large numbers. */
function normal(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
