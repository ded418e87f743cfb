// @ts-check

/** Times are ISO 8601 in UTC, as text, so that they compare and read the same in every database. */
const TIME = 30;
const ID = 36;
const NAME = 255;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('manifests', table => {
    table.comment('What was applied, each text once');
    table.string('digest', 64).primary().comment('sha256 of the text');
    table.text('text', 'longtext').notNullable();
  });

  await knex.schema.createTable('deployments', table => {
    table.comment('Attempts to bring a version of a service somewhere');
    table.string('id', ID).primary();
    table.string('kind', 16).notNullable();
    table.string('service', NAME).notNullable();
    table.string('environment', 63).notNullable();
    table.string('version', 128).notNullable();
    table.string('image', NAME).notNullable();
    table.string('digest', 128);
    table.string('commit', 64);
    table.string('strategy', 16);
    table.string('state', 24).notNullable();
    table.text('summary').notNullable();
    table.text('progress').comment('JSON');
    table.string('requested_by', NAME).notNullable();
    table.string('door', 16).notNullable();
    table.text('reason');
    table.string('approved_by', NAME);
    table.string('undoes', ID);
    table.string('undone_by', ID);
    table.string('manifests_of', ID);
    table.string('manifests_digest', 64).references('manifests.digest');
    table.string('correlation', 64).notNullable();
    table.string('requested_at', TIME).notNullable();
    table.string('ended_at', TIME);
    table.integer('revision').notNullable().defaultTo(1);
    table
      .string('slot', 320)
      .unique({ indexName: 'deployments_slot' })
      .comment('Service and environment while it goes on: one at a time');
    table
      .text('memory')
      .notNullable()
      .comment('JSON: what the next look needs to know of the last');
    table
      .string('wish', 16)
      .comment('What a person wants of it, until the worker has done it');
    table
      .string('due_at', TIME)
      .notNullable()
      .comment('When it has to be looked at again');
    table.string('lease_holder', NAME);
    table
      .integer('lease_token')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with each holder; writes of earlier ones are refused');
    table.string('lease_until', TIME);
    table
      .text('holds')
      .notNullable()
      .comment(
        'JSON: deployments whose workers may still be at work here, and until when at most. No effect before',
      );
    table.index(
      ['service', 'environment', 'requested_at'],
      'deployments_place',
    );
    table.index(['state', 'due_at'], 'deployments_due');
    table.index(['requested_at', 'id'], 'deployments_newest');
  });

  await knex.schema.createTable('steps', table => {
    table.comment('What was done and seen, in order');
    table
      .string('deployment_id', ID)
      .notNullable()
      .references('deployments.id')
      .onDelete('CASCADE');
    table.integer('number').notNullable();
    table.string('name', 32).notNullable();
    table.string('state', 16).notNullable();
    table.text('summary').notNullable();
    table.string('started_at', TIME).notNullable();
    table.string('ended_at', TIME);
    table.text('evidence').notNullable().comment('JSON: a list of lines');
    table.primary(['deployment_id', 'number']);
  });

  await knex.schema.createTable('outbox', table => {
    table.comment('What happened, for readers who go on from where they were');
    table.bigIncrements('seq');
    table.string('id', ID).notNullable().unique({ indexName: 'outbox_id' });
    table.string('type', 64).notNullable();
    table.string('subject', ID).notNullable();
    table.string('time', TIME).notNullable();
    table.text('data').notNullable().comment('JSON');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of ['outbox', 'steps', 'deployments', 'manifests']) {
    await knex.schema.dropTable(table);
  }
};
