import { addDays } from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { Resolved } from './Scopes';

/** Of what and of when, as the facts have it. Without a first day, it is all up to the last. */
export interface Within extends Pick<Resolved, 'filter'> {
  range: { from?: string; to: string };
}

/** Facts of which rows are listed, and the time that sorts them. */
export type Facts =
  | { table: 'deployment_facts'; time: 'finished_at' }
  | { table: 'incident_facts'; time: 'detected_at' };

export const DEPLOYMENTS = {
  table: 'deployment_facts',
  time: 'finished_at',
} as const satisfies Facts;

/**
 * The services of some facts that may be shown: a group or a system may have others.
 *
 * @returns nothing where all may
 */
export async function servicesShown(
  facts: () => Knex.QueryBuilder,
  visible: Call['visible'],
): Promise<string[] | undefined> {
  return visible(() => facts().distinct().pluck('service'));
}

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
    .where('day', '<=', to)
    // Days of whatever time zone. In the order of their time, all that came later would be walked through otherwise.
    .where(time, '<=', addDays(to, 2));
  if (from !== undefined) {
    query.where('day', '>=', from).where(time, '>=', addDays(from, -1));
  }
  if (owners) query.whereIn('owner', owners);
  if (system) query.where({ system });
  if (service) query.where({ service });
  if (services) query.whereIn('service', services);
  return query;
}
