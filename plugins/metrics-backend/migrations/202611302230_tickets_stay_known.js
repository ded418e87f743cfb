// @ts-check

/**
 * Lets it be known since when there are tickets also where the repository that was asked for them first leaves the catalog.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('feeds', table => {
    table
      .string('tickets_from', 30)
      .comment('Tickets of repositories that are gone are known since');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('feeds', table => {
    table.dropColumn('tickets_from');
  });
};
