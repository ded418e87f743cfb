import { Knex } from 'knex';
import { DayMaterial } from '../facts/Facts';
import { packSamples, unpackSamples } from '../rollups/samples';
import { column, Columns } from './columns';
import { Row } from './factRows';
import { joined } from './joined';

/** Stands in no packed samples. */
const BETWEEN = ',';
const COUNTS = [
  ...['delivered', 'completed', 'failed', 'successful', 'rework'],
  ...['platform', 'excluded', 'open'],
];

/**
 * Reads days of services, those of an owner, a system and an environment brought together.
 *
 * @param query - of the days that are meant; see `dayMaterialOf` for its rows
 */
export function dayGroups(db: Knex, query: Knex.QueryBuilder) {
  const group = ['environment', 'day', 'owner', 'system', 'example'];
  for (const count of COUNTS) query.sum({ [count]: count });
  for (const samples of ['leads', 'recoveries', 'restores']) {
    // Most days have none.
    const text = joined(db, `nullif(${samples}, '')`, BETWEEN);
    query.select({ [samples]: db.raw(`coalesce(${text}, '')`) });
  }
  return query
    .min({ open_since: 'open_since' })
    .groupBy(group)
    .select<Columns[]>(group);
}

/** What numbers of a day are made of, as it stands in a table. Samples of days that were brought together are in no order. */
export function dayMaterialOf(row: Columns): DayMaterial {
  return {
    delivered: column.number(row.delivered),
    completed: column.number(row.completed),
    failed: column.number(row.failed),
    successful: column.number(row.successful),
    rework: column.number(row.rework),
    platform: column.number(row.platform),
    excluded: column.number(row.excluded),
    open: column.number(row.open),
    openSince: column.textOrNone(row.open_since),
    leads: samplesOf(row.leads),
    recoveries: samplesOf(row.recoveries),
    restores: samplesOf(row.restores),
  };
}

function samplesOf(value: unknown): number[] {
  const text = column.text(value);
  return text.includes(BETWEEN)
    ? text.split(BETWEEN).flatMap(unpackSamples)
    : unpackSamples(text);
}

/** The columns of a day. */
export function dayColumns(day: DayMaterial): Row {
  const { delivered, completed, failed, successful, rework } = day;
  const { platform, excluded, open, openSince } = day;
  return {
    ...{ delivered, completed, failed, successful, rework },
    ...{ platform, excluded, open, open_since: openSince ?? null },
    leads: packSamples(day.leads),
    recoveries: packSamples(day.recoveries),
    restores: packSamples(day.restores),
  };
}
