// @ts-check

/**
 * Says of which number the last event of a feed is: a portal of before moves the cursor, and leaves the event that was last before it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('feeds', table => {
    table
      .bigInteger('last_seq')
      .comment(
        'Number of the event of last_id, which counts only where it is the cursor',
      );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('feeds', table => {
    table.dropColumn('last_seq');
  });
};
