// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('checked_references', table => {
    table.comment(
      'Which secrets the manifests refer to that were last looked at for a service in an environment, deployed or not',
    );
    table.string('service', 255).notNullable();
    table.string('environment', 63).notNullable();
    table.string('version', 255).notNullable();
    table.string('at', 30).notNullable().comment('ISO 8601, in UTC');
    table.text('references').notNullable().comment('JSON');
    table.primary(['service', 'environment']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('checked_references');
};
