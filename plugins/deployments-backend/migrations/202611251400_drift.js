// @ts-check

const TIME = 30;
const ID = 36;
const NAME = 255;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('drift', table => {
    table.comment('Whether clusters still have what was last deployed well');
    table.string('service', NAME).notNullable();
    table.string('environment', 63).notNullable();
    table
      .string('deployment_id', ID)
      .comment('With what it was compared; none before the first look');
    table.text('result').comment('JSON: what the last look came to');
    table.string('due_at', TIME).notNullable();
    table
      .string('claim', ID)
      .comment('Of who looks now; what others come to is not written');
    table.primary(['service', 'environment']);
    table.index(['due_at'], 'drift_due');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('drift');
};
