// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('syncs', table => {
    table
      .string('vault_due_at', 30)
      .comment('When versions are asked of Vault again; at once, if empty');
    table
      .integer('settling')
      .notNullable()
      .defaultTo(0)
      .comment('1 while a change is under way that may come after a look');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('syncs', table => {
    table.dropColumns('vault_due_at', 'settling');
  });
};
