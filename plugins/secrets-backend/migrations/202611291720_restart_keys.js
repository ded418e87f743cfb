// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('syncs', table => {
    table
      .text('restart_keys')
      .comment('JSON list of the keys that restart_at is for; all, if empty');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('syncs', table => {
    table.dropColumns('restart_keys');
  });
};
