// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('syncs', table => {
    table
      .string('settles_by', 30)
      .comment(
        'Until when a change that is under way may come; settling is its stamp then, and -1 where there are several',
      );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('syncs', table => {
    table.dropColumns('settles_by');
  });
};
