import { Knex } from 'knex';
import { dailyFacts, DayParts } from '../facts/dailyFacts';
import { Facts } from '../facts/Facts';
import { firstDays } from '../facts/firstDays';
import { Continued } from '../facts/goOn/Continuation';
import { column, Columns } from './columns';
import { DirtyDays } from './DirtyDays';
import {
  changeRow,
  dailyRow,
  DAY_COLUMNS,
  dayChangesOf,
  dayDeploymentOf,
  dayIncidentOf,
  deploymentRow,
  incidentRow,
  PLACED,
  Row,
  serviceRow,
} from './factRows';
import { joined } from './joined';
import { insertRows, rowsWith } from './manyRows';
import { StateStore } from './StateStore';
import { Synced, syncRows } from './syncRows';

/** Where it is counted how often what is known of services changed. */
export const KNOWN = 'known-services';

/** What tells the rows of a service apart, in each table. */
const TABLES = {
  deployment_facts: ['environment', 'deployment'],
  change_facts: ['environment', 'change'],
  incident_facts: ['environment', 'incident'],
  daily: ['environment', 'day', 'owner', 'system', 'example'],
  service_facts: [],
  known_services: ['environment', 'owner', 'system'],
} as const;
type Table = keyof typeof TABLES;

/** What follows from the ledger. It could be thrown away and computed again. */
export class FactStore {
  readonly #states = new StateStore();

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
    await markDays(daily, transaction);
    const known = [
      await sync(
        'service_facts',
        all.flatMap(one => (one.service ? [serviceRow(one.service)] : [])),
      ),
      await sync(
        'known_services',
        firstDays(all.flatMap(one => one.deployments)).map(one => ({ ...one })),
      ),
    ];
    if (known.some(isChange)) await markKnown(transaction);
    const others = [
      ...known,
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
    ];
    await this.#states.reset(facts, transaction);
    return [daily, ...others].reduce(
      (sum, one) => sum + one.changed.length + one.gone.length,
      0,
    );
  }

  /** Adds to the tables what more events change, and brings the days that it is of up to date. */
  async extend(
    continued: Map<string, Continued>,
    transaction: Knex.Transaction,
  ): Promise<void> {
    const all = [...continued.values()];
    const add = (table: Table, rows: Row[]) =>
      insertRows(transaction, {
        ...{ table, rows },
        conflict: { columns: ['service', ...TABLES[table]], replace: true },
      });
    const deployments = all.flatMap(one => one.deployments);
    const changes = all.flatMap(one => one.changes);
    const incidents = all.flatMap(one => one.incidents);
    await add('deployment_facts', deployments.map(deploymentRow));
    const firsts = await insertRows<object>(transaction, {
      table: 'known_services',
      rows: firstDays(deployments).map(one => ({ ...one })),
      // What is gone on with is later than what is there.
      conflict: { columns: ['service', ...TABLES.known_services] },
      returning: ['service'],
    });
    if (firsts.length > 0 || all.some(one => one.isFactChanged)) {
      await markKnown(transaction);
    }
    await add('change_facts', changes.map(changeRow));
    await add('incident_facts', incidents.map(incidentRow));
    await add(
      'service_facts',
      all.flatMap(({ isFactChanged, state }) =>
        isFactChanged ? [serviceRow(state.fact)] : [],
      ),
    );
    await this.#states.put(
      [...continued].map(([service, { state, wanted }]) => ({
        ...{ service, state, wanted },
      })),
      transaction,
    );
    const places = new Map(
      [...deployments, ...incidents].map(({ service, environment, day }) => {
        const place = [service, environment, day];
        return [JSON.stringify(place), place];
      }),
    );
    await this.#bringUpToDate([...places.values()], transaction);
  }

  /** Computes days of services from what happened on them. */
  async #bringUpToDate(
    places: string[][],
    transaction: Knex.Transaction,
  ): Promise<void> {
    if (places.length === 0) return;
    const columns = ['service', 'environment', 'day'];
    const of = async (table: string, names: string[]): Promise<Columns[]> =>
      rowsWith(transaction, table, columns, places).select(
        names.map(name => `${table}.${name}`),
      );
    const rows = await of('deployment_facts', DAY_COLUMNS.deployment_facts);
    const brought = rows.flatMap(row =>
      column.number(row.changes) > 0
        ? [
            [row.service, row.environment, row.deployment].map(one =>
              column.text(one),
            ),
          ]
        : [],
    );
    const daily = await syncRows(transaction, {
      ...{ table: 'daily', columns: ['service', ...TABLES.daily] },
      there: await rowsWith(transaction, 'daily', columns, places).select(
        'daily.*',
      ),
      rows: dailyFacts({
        deployments: rows.map(dayDeploymentOf),
        changes: await this.#changes(brought, transaction),
        incidents: (
          await of('incident_facts', DAY_COLUMNS.incident_facts)
        ).map(dayIncidentOf),
      }).map(dailyRow),
    });
    await markDays(daily, transaction);
  }

  /** What deployments brought, those of a day as one row. */
  async #changes(
    deployments: string[][],
    transaction: Knex.Transaction,
  ): Promise<DayParts['changes']> {
    const table = 'change_facts';
    const own = PLACED.map(name => `${table}.${name}`);
    const counted = `case when ${table}.excluded then null else ${table}.seconds end`;
    const rows: Columns[] = await rowsWith(
      transaction,
      table,
      ['service', 'environment', 'deployment'],
      deployments,
    )
      .groupBy(own)
      .select(own)
      .count({ n: '*' })
      .select({
        seconds: transaction.raw(
          joined(transaction, `cast(${counted} as text)`, ','),
        ),
      });
    return rows.flatMap(dayChangesOf);
  }
}

function isChange({ changed, gone }: Synced): boolean {
  return changed.length + gone.length > 0;
}

/** Whose services are, and since when they are known of, is another than before. */
async function markKnown(transaction: Knex.Transaction): Promise<void> {
  await transaction('feeds')
    .insert({ name: KNOWN, cursor: 1 })
    .onConflict('name')
    .merge({ cursor: transaction.raw('?? + 1', ['feeds.cursor']) });
}

function markDays(
  { changed, gone }: Synced,
  transaction: Knex.Transaction,
): Promise<void> {
  return new DirtyDays(transaction).mark(
    [...changed, ...gone].map(({ environment, day }) => ({
      ...{ environment: String(environment), day: String(day) },
    })),
  );
}
