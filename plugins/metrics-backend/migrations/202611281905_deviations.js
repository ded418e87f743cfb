// @ts-check

/**
 * Guardrails that were lifted for a service, of those that the ledger is told of.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('service_facts', table => {
    table
      .text('deviations')
      .notNullable()
      .defaultTo('[]')
      .comment('JSON: which guardrail was lifted where, from when to when');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('service_facts', table => {
    table.dropColumn('deviations');
  });
};
