// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('rotations', table => {
    table
      .bigInteger('fence')
      .notNullable()
      .defaultTo(0)
      .comment(
        'Of who took it last: later than any before, also of a row that is gone',
      );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('rotations', table => {
    table.dropColumns('fence');
  });
};
