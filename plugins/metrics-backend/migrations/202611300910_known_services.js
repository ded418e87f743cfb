// @ts-check

/**
 * Says of each service since when deployments of it are told of, so that a time of which nobody knows is no time without any.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('known_services', table => {
    table.comment('The first deployment of a service that each owner had');
    table.string('service', 300).notNullable();
    table.string('environment', 63).notNullable();
    table.string('owner', 300).notNullable();
    table.string('system', 300).notNullable();
    table.string('day', 10).notNullable();
    table.primary(['service', 'environment', 'owner', 'system']);
  });
  await knex('known_services').insert(
    knex('deployment_facts')
      .groupBy('service', 'environment', 'owner', 'system')
      .select('service', 'environment', 'owner', 'system')
      .min({ day: 'day' }),
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('known_services');
};
