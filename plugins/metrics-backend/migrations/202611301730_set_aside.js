// @ts-check

/**
 * Lets a service whose facts cannot be computed wait, so that it keeps no others from it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('dirty', table => {
    table
      .integer('tries')
      .notNullable()
      .defaultTo(0)
      .comment('How often it could not be computed');
    table.string('again_at', 30).comment('It is tried again then');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('dirty', table => {
    table.dropColumns('tries', 'again_at');
  });
};
