// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('syncs', table => {
    table
      .text('replaced_at')
      .comment(
        'JSON: by key when its version came in place of another, by the cluster’s clock; nothing for what nobody had before',
      );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('syncs', table => {
    table.dropColumns('replaced_at');
  });
};
