import { Knex } from 'knex';

/**
 * Finds where something was ever deployed, and when what was last tried and what was last good there were asked for. However long the
 * history is, it takes a few looks into the index `deployments_place` for each place: a million deployments are not gone through to
 * find the last of each.
 *
 * @param options.environment - only there
 * @returns a query for `service`, `environment`, `newest` and `good`, the last two as deployments were dated
 */
export function placesQuery(
  db: Knex,
  { environment }: { environment?: string } = {},
): Knex.QueryBuilder {
  const query = servicesIn(db)
    .withRecursive(
      'places',
      ['service', 'environment'],
      db.raw(
        `select s.service, (
           select min(d.environment) from deployments d where d.service = s.service
         ) from services s where s.service is not null
         union all
         select p.service, (
           select min(d.environment) from deployments d
           where d.service = p.service and d.environment > p.environment
         ) from places p where p.environment is not null`,
      ),
    )
    .from('places as p')
    .whereNotNull('p.environment')
    .select('p.service', 'p.environment', {
      newest: db.raw(
        `(select max(d.requested_at) from deployments d
          where d.service = p.service and d.environment = p.environment)`,
      ),
      good: db.raw(
        `(select d.requested_at from deployments d
          where d.service = p.service and d.environment = p.environment
          and d.state = ? and d.unchanged = ?
          order by d.requested_at desc limit 1)`,
        ['succeeded', false],
      ),
    });
  if (environment) query.where('p.environment', environment);
  return query;
}

/** References of all that were ever deployed, found as quickly. */
export async function deployedServices(db: Knex): Promise<string[]> {
  return servicesIn(db)
    .from('services')
    .whereNotNull('service')
    .pluck('service');
}

function servicesIn(db: Knex): Knex.QueryBuilder {
  return db.withRecursive(
    'services',
    ['service'],
    db.raw(
      `select min(d.service) from deployments d
       union all
       select (
         select min(d.service) from deployments d where d.service > s.service
       ) from services s where s.service is not null`,
    ),
  );
}
