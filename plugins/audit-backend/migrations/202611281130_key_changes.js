// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const isSqlite = knex.client.config.client.includes('sqlite3');
  await knex.schema.createTable('key_changes', table => {
    table.comment(
      'Which signing key followed which, signed by both where that could be',
    );
    if (isSqlite) table.integer('seq').notNullable();
    else table.bigInteger('seq').notNullable();
    table.string('chain', 64).notNullable();
    table.string('hash', 64).notNullable();
    table.string('at', 30).notNullable();
    table.string('retired', 64).notNullable().comment('A public key');
    table.string('successor', 64).notNullable().comment('A public key');
    table.text('signature').notNullable();
    table.text('handover');
    table.primary(['retired', 'successor']);
  });
  // The first and the last of each key are looked for while a retired key's seals are in use.
  await knex.schema.alterTable('checkpoints', table => {
    table.index(['key_id', 'seq'], 'checkpoints_key');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('checkpoints', table => {
    table.dropIndex(['key_id', 'seq'], 'checkpoints_key');
  });
  await knex.schema.dropTable('key_changes');
};
