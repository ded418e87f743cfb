// @ts-check

/**
 * Finds the few failures that nothing has repaired yet, of whenever.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployment_facts', table => {
    table.index(['environment', 'finished_at'], 'deployment_facts_open', {
      predicate: knex.whereNotNull('failure').whereNull('recovered_at'),
    });
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deployment_facts', table => {
    table.dropIndex(['environment', 'finished_at'], 'deployment_facts_open');
  });
};
