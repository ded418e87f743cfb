// @ts-check

/**
 * Lets a feed be known again: where its database was put back to what it was before, its numbers begin anew behind those that were read.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('feeds', table => {
    table
      .string('last_id', 255)
      .comment('Id of the event that has the number of the cursor');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('feeds', table => {
    table.dropColumn('last_id');
  });
};
