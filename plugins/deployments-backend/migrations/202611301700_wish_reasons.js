// @ts-check

/**
 * Keeps why somebody wants something of a deployment, so that how it ends can say it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table
      .text('wish_reason')
      .comment('Why somebody wants what is wanted of it, as they said');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  // In place: on SQLite, dropColumns makes the table anew, and with the old one goes all that refers to it.
  await knex.raw('alter table deployments drop column ??', ['wish_reason']);
};
