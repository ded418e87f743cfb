// @ts-check

/**
 * Remembers since when tickets of a repository are known, so that none since is zero and not unknown.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('git_repositories', table => {
    table
      .string('tickets_from', 30)
      .comment('Tickets that were written since are known');
  });
  // Of those that were read before, it was earlier, and nobody wrote it down.
  await knex('git_repositories').update({
    tickets_from: knex.ref('tickets_until'),
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('git_repositories', table => {
    table.dropColumn('tickets_from');
  });
};
