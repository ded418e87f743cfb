// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('traffic', table => {
    table.comment(
      'What share of the requests went to a new version, whenever that changed',
    );
    table
      .string('deployment_id', 36)
      .notNullable()
      .references('deployments.id')
      .onDelete('CASCADE');
    table.string('at', 30).notNullable().comment('ISO 8601, in UTC');
    table.float('weight').notNullable().comment('Percent');
    table.primary(['deployment_id', 'at']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('traffic');
};
