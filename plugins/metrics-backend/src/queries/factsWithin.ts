import { addDays } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { Resolved } from './Scopes';

/** Of what and of when, as the facts have it. */
export type Within = Pick<Resolved, 'filter' | 'range'>;

/** Facts of which rows are listed, and the time that sorts them. */
export type Facts =
  | { table: 'deployment_facts'; time: 'finished_at' }
  | { table: 'incident_facts'; time: 'detected_at' };

/**
 * Facts that count for days of a range.
 *
 * @param services - those of others are left out; all if left out
 */
export function factsWithin(
  db: Knex,
  { table, time }: Facts,
  { filter, range }: Within,
  services?: string[],
): Knex.QueryBuilder {
  const { environments, owners, system, service } = filter;
  const { from, to } = range;
  const query = db(table)
    .whereIn('environment', environments)
    .whereBetween('day', [from, to])
    // Days of whatever time zone. In the order of their time, all that came later would be walked through otherwise.
    .whereBetween(time, [addDays(from, -1), addDays(to, 2)]);
  if (owners) query.whereIn('owner', owners);
  if (system) query.where({ system });
  if (service) query.where({ service });
  if (services) query.whereIn('service', services);
  return query;
}
