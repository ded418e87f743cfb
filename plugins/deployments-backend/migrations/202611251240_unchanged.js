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
  await knex.schema.alterTable('deployments', table => {
    table.dropColumns('again', 'unchanged');
  });
};
