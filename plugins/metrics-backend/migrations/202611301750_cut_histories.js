// @ts-check

/**
 * Remembers of which deployments the history ends at commits that nothing is known of. Of what was deployed before, that is found when
 * something is told of the service next, or all is computed anew.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployment_facts', table => {
    table
      .boolean('cut')
      .notNullable()
      .defaultTo(false)
      .comment('It may have brought more changes than are known');
  });
  await knex.schema.alterTable('deployment_facts', table => {
    table.index(
      ['finished_at', 'service', 'environment', 'range_state'],
      'deployment_facts_gaps',
      {
        predicate: knex.whereRaw(
          "(range_state in ('no-commit', 'unknown-commit') or cut)",
        ),
      },
    );
  });
  // They don't know of which commits a parent is missing.
  await knex('service_states').delete();
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deployment_facts', table => {
    table.dropIndex(
      ['finished_at', 'service', 'environment', 'range_state'],
      'deployment_facts_gaps',
    );
  });
  await knex.schema.alterTable('deployment_facts', table => {
    table.dropColumn('cut');
  });
};
