// @ts-check

/**
 * What is told in Slack of environments, once each.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('environment_announcements', table => {
    table.comment('What is to be told of environments, and what was told');
    table.string('uid', 64).notNullable();
    table.string('occasion', 100).notNullable();
    table.string('home', 63).notNullable();
    table.string('name', 63).notNullable();
    table.string('since', 30).notNullable().comment('ISO 8601, in UTC');
    table.string('due_at', 30).notNullable();
    table.string('told_at', 30).comment('Nothing more is to be done then');
    table
      .boolean('attempted')
      .notNullable()
      .comment('There may be a message already that is not known here');
    table.integer('tries').notNullable();
    table.string('holder', 128);
    table.string('held_until', 30);
    table.primary(['uid', 'occasion']);
    table.index(['told_at', 'due_at']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('environment_announcements');
};
