// @ts-check

/**
 * Ids of events hold within a service, so that whoever tells of one takes none of another's. Which deployment a repair blames is found
 * in another way now, and addresses that lead to no page are left out: all is computed anew, while the portal runs.
 * Replicas of the version before can take in nothing from then on, so they are stopped first.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('ledger', table => {
    table.dropUnique(['source', 'event_id'], 'ledger_once');
    table.unique(['service', 'source', 'event_id'], {
      indexName: 'ledger_once',
    });
  });
  // What was to be gone on from knows less than is looked at now.
  await knex('service_states').delete();
  await knex('dirty').update({ recompute: true });
  await knex('dirty').insert(
    knex('service_facts')
      .select(
        'service',
        knex.raw('1 as generation'),
        knex.raw('? as recompute', [true]),
        knex.raw("'' as since"),
      )
      .whereNotIn('service', knex('dirty').select('service')),
  );
};

/**
 * Where two services have the same id from one source by now, it has to be decided first which of the events goes.
 *
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex('service_states').delete();
  await knex.schema.alterTable('ledger', table => {
    table.dropUnique(['service', 'source', 'event_id'], 'ledger_once');
    table.unique(['source', 'event_id'], { indexName: 'ledger_once' });
  });
};
