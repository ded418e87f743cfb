// @ts-check

/**
 * Lets it be told which time archived records are of: what waited elsewhere is of a later one, and is taken in.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('archives', table => {
    table.string('until', 30).comment('When the newest in it was sealed');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('archives', table => {
    table.dropColumn('until');
  });
};
