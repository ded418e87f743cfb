// @ts-check

/**
 * Whose turn it is to make the databases of a service in an environment. A row is taken away when they are made.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('standing_work', table => {
    table.comment('Databases of services that are being made');
    table.string('service', 255).notNullable();
    table.string('environment', 63).notNullable();
    table.string('holder', 64).notNullable();
    table.string('held_until', 30).notNullable().comment('ISO 8601, in UTC');
    table.primary(['service', 'environment']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('standing_work');
};
