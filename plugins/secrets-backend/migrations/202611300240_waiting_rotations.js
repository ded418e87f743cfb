// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('rotations', table => {
    table
      .integer('waiting')
      .notNullable()
      .defaultTo(0)
      .comment('1 while there is something to do, and the key is deleted');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('rotations', table => {
    table.dropColumn('waiting');
  });
};
