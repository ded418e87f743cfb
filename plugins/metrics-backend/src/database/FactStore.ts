import { Knex } from 'knex';
import { Facts } from '../facts/Facts';
import { DirtyDays } from './DirtyDays';
import {
  changeRow,
  dailyRow,
  deploymentRow,
  incidentRow,
  Row,
  serviceRow,
} from './factRows';
import { Synced, syncRows } from './syncRows';

/** What tells the rows of a service apart, in each table. */
const TABLES = {
  deployment_facts: ['environment', 'deployment'],
  change_facts: ['environment', 'change'],
  incident_facts: ['environment', 'incident'],
  daily: ['environment', 'day', 'owner', 'system', 'example'],
  service_facts: [],
} as const;
type Table = keyof typeof TABLES;

/** What follows from the ledger. It could be thrown away and computed again. */
export class FactStore {
  /**
   * Makes the tables say of some services what their facts are: only rows that differ are written. Days that it changes are marked.
   *
   * @returns how many rows were written or removed
   */
  async put(
    facts: Map<string, Facts>,
    transaction: Knex.Transaction,
  ): Promise<number> {
    const services = [...facts.keys()];
    const all = [...facts.values()];
    const sync = async (table: Table, rows: Row[]): Promise<Synced> =>
      syncRows(transaction, {
        ...{ table, rows },
        columns: ['service', ...TABLES[table]],
        there: await transaction(table).whereIn('service', services),
      });
    const daily = await sync(
      'daily',
      all.flatMap(one => one.daily.map(dailyRow)),
    );
    await new DirtyDays(transaction).mark(
      [...daily.changed, ...daily.gone].map(({ environment, day }) => ({
        ...{ environment: String(environment), day: String(day) },
      })),
    );
    const others = [
      await sync(
        'deployment_facts',
        all.flatMap(one => one.deployments.map(deploymentRow)),
      ),
      await sync(
        'change_facts',
        all.flatMap(one => one.changes.map(changeRow)),
      ),
      await sync(
        'incident_facts',
        all.flatMap(one => one.incidents.map(incidentRow)),
      ),
      await sync(
        'service_facts',
        all.flatMap(one => (one.service ? [serviceRow(one.service)] : [])),
      ),
    ];
    return [daily, ...others].reduce(
      (sum, one) => sum + one.changed.length + one.gone.length,
      0,
    );
  }
}
