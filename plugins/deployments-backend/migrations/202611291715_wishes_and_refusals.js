// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table.string('wished_by', 255).comment('Who wants what is wanted of it');
    table
      .string('refusal', 32)
      .comment('What it was refused for, where a program is to tell');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  // In place: on SQLite, dropColumns makes the table anew, and with the old one goes all that refers to it.
  for (const column of ['refusal', 'wished_by']) {
    await knex.raw('alter table deployments drop column ??', [column]);
  }
};
