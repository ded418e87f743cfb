// @ts-check

/** Times are ISO 8601 in UTC, as text, so that they compare and read the same in every database. */
const TIME = 30;
const NAME = 255;

/**
 * No value is in any of these tables, nor anything that one could be found out from.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('syncs', table => {
    table.comment('Secrets of services in clusters, and how far they are');
    table.increments('id');
    table.string('service', NAME).notNullable();
    table.string('environment', 63).notNullable();
    table.string('cluster', NAME).notNullable();
    table.string('namespace', 63).notNullable();
    table.string('secret', NAME).notNullable();
    table.string('state', 16).notNullable();
    table.text('message').notNullable();
    table.text('versions').notNullable().comment('JSON: version by key');
    table.string('revision', 64).comment('The cluster’s, of the Secret');
    table.string('synced_at', TIME);
    table
      .string('restart_at', TIME)
      .comment('When programs have to be restarted');
    table.string('restarted_at', TIME);
    table.integer('tries').notNullable().defaultTo(0);
    table
      .integer('generation')
      .notNullable()
      .defaultTo(1)
      .comment('Grows with each change that is asked for');
    table.string('due_at', TIME).notNullable();
    table.string('lease_holder', NAME);
    table
      .integer('lease_token')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with each holder; writes of earlier ones are refused');
    table.string('lease_until', TIME);
    table.unique(['service', 'environment', 'cluster'], {
      indexName: 'syncs_place',
    });
    table.index(['due_at'], 'syncs_due');
  });

  await knex.schema.createTable('versions', table => {
    table.comment('Who wrote which version of which key. Never what');
    table.string('service', NAME).notNullable();
    table.string('environment', 63).notNullable();
    table.string('key', 128).notNullable();
    table.integer('version').notNullable();
    table.string('actor', NAME).notNullable();
    table.string('how', 16).notNullable();
    table.string('at', TIME).notNullable();
    table.primary(['service', 'environment', 'key', 'version']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('versions');
  await knex.schema.dropTable('syncs');
};
