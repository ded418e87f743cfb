// @ts-check

/**
 * Lets incidents be found by the deployment that they are attributed to, also of a service that has many.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('incident_facts', table => {
    table.index(
      ['service', 'environment', 'deployment'],
      'incident_facts_deployment',
    );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('incident_facts', table => {
    table.dropIndex(
      ['service', 'environment', 'deployment'],
      'incident_facts_deployment',
    );
  });
};
