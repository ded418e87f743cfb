// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('syncs', table => {
    table
      .text('first_keys')
      .comment(
        'JSON: of restart_keys those that were never there before, and whether that is the whole Secret; none, if empty',
      );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('syncs', table => {
    table.dropColumns('first_keys');
  });
};
