// @ts-check

/**
 * Keeps what a deployment repairs, and that it was not planned, as whoever asked for it said so.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table.string('fixes', 36).comment('The deployment that it repairs');
    table
      .boolean('unplanned')
      .notNullable()
      .defaultTo(false)
      .comment('It repairs something that users met');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  // In place: on SQLite, dropColumns makes the table anew, and with the old one goes all that refers to it.
  for (const column of ['fixes', 'unplanned']) {
    await knex.raw('alter table deployments drop column ??', [column]);
  }
};
