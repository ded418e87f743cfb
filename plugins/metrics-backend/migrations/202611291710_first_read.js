// @ts-check

/**
 * Lets numbers begin where something can be known: a time before is no time without deployments.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('feeds', table => {
    table.string('first_read_at', 30).comment('When it was first read');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('feeds', table => {
    table.dropColumn('first_read_at');
  });
};
