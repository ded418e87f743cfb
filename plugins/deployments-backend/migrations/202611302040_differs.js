// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('drift', table => {
    table
      .boolean('differs')
      .notNullable()
      .defaultTo(false)
      .comment('What the last look came to, for who asks where');
    table.index(['differs'], 'drift_differs');
  });
  await knex('drift')
    .where('result', 'like', '{"state":"differs"%')
    .update({ differs: true });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('drift', table => {
    table.dropIndex(['differs'], 'drift_differs');
    table.dropColumn('differs');
  });
};
