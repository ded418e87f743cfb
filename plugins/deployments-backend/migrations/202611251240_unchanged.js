// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table
      .boolean('again')
      .notNullable()
      .defaultTo(false)
      .comment('To be applied even if exactly that is there already');
    table
      .boolean('unchanged')
      .notNullable()
      .defaultTo(false)
      .comment('It ended well without anything to do');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  // In place: on SQLite, dropColumns makes the table anew, and with the old one goes all that refers to it.
  for (const column of ['again', 'unchanged']) {
    await knex.raw('alter table deployments drop column ??', [column]);
  }
};
