// @ts-check

const TIME = 30;
const ID = 36;
const NAME = 255;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('deviations', table => {
    table.comment('Guardrails that do not hold somewhere for a while, and why');
    table.string('id', ID).primary();
    table.string('guardrail', 63).notNullable();
    table.string('service', NAME).notNullable();
    table.string('environment', 63).notNullable();
    table.text('reason').notNullable();
    table.string('created_by', NAME).notNullable();
    table.string('created_at', TIME).notNullable();
    table.string('expires_at', TIME).notNullable();
    table.string('ended_at', TIME);
    table.string('ended_by', NAME);
    table
      .string('slot', 390)
      .unique({ indexName: 'deviations_slot' })
      .comment(
        'Service, environment and guardrail, until it is ended or another takes its place: one at a time',
      );
    table.index(['service', 'environment'], 'deviations_place');
    table.index(['created_at', 'id'], 'deviations_newest');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('deviations');
};
