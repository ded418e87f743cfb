// @ts-check

/**
 * How far pull requests and tickets of each repository were read. A pass goes from what changed last to what was known, a page at a
 * time, and goes on at its page after a restart.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('git_repositories', table => {
    table.string('repository', 300).primary().comment('Address of its page');
    table.string('host', 255).notNullable();
    table.string('changes_until', 30).comment('Newest change of the last pass');
    table.string('pass_newest', 30).comment('Newest change of this pass');
    table.integer('pass_page').notNullable().defaultTo(1);
    table.string('tickets_until', 30);
    table.string('due_at', 30).notNullable();
    table.string('problem', 1000);
    table.index(['due_at']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('git_repositories');
};
