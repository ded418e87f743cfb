// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table
      .boolean('take_over')
      .notNullable()
      .defaultTo(false)
      .comment(
        'Takes fields that somebody else manages, rather than be refused',
      );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  // In place: on SQLite, dropColumns makes the table anew, and with the old one goes all that refers to it.
  await knex.raw('alter table deployments drop column ??', ['take_over']);
};
