// @ts-check

/**
 * A key whose metadata is deleted in Vault begins again with version 1, so that a version is told from another by when Vault made
 * it too.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('syncs', table => {
    table
      .text('made')
      .comment('When Vault made the newest versions that were seen, by key');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('syncs', table => {
    table.dropColumns('made');
  });
};
