// @ts-check

/**
 * Looks of dry runs and of deployments take each other's place no more. What was kept is looked at again with the next of
 * them, so nothing is brought over.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.dropTable('checked_references');
  await knex.schema.createTable('checked_references', table => {
    table.comment(
      'Which secrets the manifests refer to that were last looked at for a service in an environment, by a dry run and by a deployment',
    );
    table.string('service', 255).notNullable();
    table.string('environment', 63).notNullable();
    table.boolean('dry_run').notNullable();
    table
      .string('deployment', 64)
      .nullable()
      .comment('Id of the deployment; none for a dry run');
    table.string('version', 255).notNullable();
    table.string('at', 30).notNullable().comment('ISO 8601, in UTC');
    table.text('references').notNullable().comment('JSON');
    table.primary(['service', 'environment', 'dry_run']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('checked_references');
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
