// @ts-check

/** Times are ISO 8601 in UTC, as text, as everywhere here. */
const TIME = 30;
const ID = 36;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('delivery_targets', table => {
    table.comment('Who is told of deployments, and how far each has read');
    table.string('name', 32).primary();
    table
      .bigInteger('seq')
      .notNullable()
      .comment('Number of the last event that was taken from the outbox');
    table
      .string('paused_until', TIME)
      .comment('It asked not to be told anything before');
    table.string('lease_holder', 255);
    table
      .integer('lease_token')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with each holder; writes of earlier ones are refused');
    table.string('lease_until', TIME);
  });

  await knex.schema.createTable('deliveries', table => {
    table.comment('What each target was told of each deployment');
    table.string('target', 32).notNullable();
    table
      .string('deployment_id', ID)
      .notNullable()
      .references('deployments.id')
      .onDelete('CASCADE');
    table
      .bigInteger('seq')
      .notNullable()
      .comment('Number of the last event of the deployment');
    table
      .string('due_at', TIME)
      .comment('When to tell it; nothing if it knows the last');
    table
      .string('since', TIME)
      .notNullable()
      .comment('Since when there is something to tell');
    table.integer('tries').notNullable().defaultTo(0);
    table
      .boolean('attempted')
      .notNullable()
      .defaultTo(false)
      .comment('The first message may be there without being known here');
    table.text('place').comment('JSON: where the message is');
    table.primary(['target', 'deployment_id']);
    table.index(['target', 'due_at'], 'deliveries_due');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of ['deliveries', 'delivery_targets']) {
    await knex.schema.dropTable(table);
  }
};
