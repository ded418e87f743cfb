// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const isSqlite = knex.client.config.client.includes('sqlite3');
  /**
   * @param {import('knex').Knex.CreateTableBuilder} table
   * @param {string} name
   */
  const place = (table, name) =>
    isSqlite ? table.integer(name) : table.bigInteger(name);

  await knex.schema.alterTable('key_changes', table => {
    place(table, 'proven').comment(
      'Up to where it is certain that the retired key sealed',
    );
  });
  await knex.schema.createTable('seal_renewals', table => {
    table.comment(
      'Up to where a key has put its seals in place of those of earlier keys, signed',
    );
    table.string('key_id', 16).primary();
    table.string('chain', 64).notNullable();
    place(table, 'seq').notNullable();
    table.string('at', 30).notNullable();
    table.text('signature').notNullable();
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('seal_renewals');
  await knex.schema.alterTable('key_changes', table => {
    table.dropColumn('proven');
  });
};
