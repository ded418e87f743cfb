// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('rotations', table => {
    table
      .integer('ended')
      .notNullable()
      .defaultTo(0)
      .comment(
        '1 where nothing is replaced, but the value before may work yet',
      );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex('rotations').where({ ended: 1 }).delete();
  await knex.schema.alterTable('rotations', table => {
    table.dropColumn('ended');
  });
};
