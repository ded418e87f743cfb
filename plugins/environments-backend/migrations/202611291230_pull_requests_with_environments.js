// @ts-check

/**
 * Repositories with something to lose are listed first.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('pull_requests', table => {
    table
      .boolean('has_environment')
      .notNullable()
      .defaultTo(false)
      .comment('Whether an environment was made for it');
    table.index(['has_environment'], 'pull_requests_with_environments');
  });
  await knex('pull_requests')
    .where('memory', 'like', '%"applied":{%')
    .update({ has_environment: true });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('pull_requests', table => {
    table.dropIndex(['has_environment'], 'pull_requests_with_environments');
    table.dropColumn('has_environment');
  });
};
