// @ts-check

/** Times are ISO 8601 in UTC, as text, so that they compare and read the same in every database. */
const TIME = 30;
const NAME = 255;

/**
 * Which pull requests, and which repositories of them, are to be looked at when. What an environment is stays in the cluster.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('pull_requests', table => {
    table.comment('Pull requests, and repositories (number 0) to list them of');
    table.increments('id');
    table
      .string('key', 500)
      .notNullable()
      .unique({ indexName: 'pull_requests_key' })
      .comment('In lower case, as hosts compare names');
    table
      .string('repository', 500)
      .notNullable()
      .comment('Host, owner and name in lower case');
    table.string('host', NAME).notNullable();
    table.string('owner', 100).notNullable();
    table.string('name', 100).notNullable();
    table.integer('number').notNullable();
    table.text('memory').notNullable().comment('JSON');
    table.text('problem').comment('Why the last look failed');
    table.integer('tries').notNullable().defaultTo(0);
    table
      .integer('generation')
      .notNullable()
      .defaultTo(1)
      .comment('Grows with each look that is asked for');
    table.string('due_at', TIME).notNullable();
    table.string('lease_holder', NAME);
    table
      .integer('lease_token')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with each holder; writes of earlier ones are refused');
    table.string('lease_until', TIME);
    table.index(['due_at'], 'pull_requests_due');
    table.index(['repository'], 'pull_requests_repository');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('pull_requests');
};
