// @ts-check

/** Times are ISO 8601 in UTC, as text: they are compared with what stands in bodies, letter by letter. */
const TIME = 30;
const HASH = 64;
const NAME = 255;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const isSqlite = knex.client.config.client.includes('sqlite3');
  /**
   * Numbers of places: SQLite knows its row number only as "integer", PostgreSQL's "integer" is too small.
   * @param {import('knex').Knex.CreateTableBuilder} table
   * @param {string} name
   */
  const place = (table, name) =>
    isSqlite ? table.integer(name) : table.bigInteger(name);

  await knex.schema.createTable('intake', table => {
    table.comment('Records that wait for their place in the chain');
    table.string('id', 36).primary();
    table.text('body').notNullable();
    table.text('mac').notNullable().comment('Shows that the ledger wrote it');
    table.string('received_at', TIME).notNullable();
    table.index(['received_at', 'id'], 'intake_order');
  });

  await knex.schema.createTable('records', table => {
    table.comment(
      'The chain. All columns but the first seven are copies of what the body says',
    );
    place(table, 'seq').primary();
    table.string('prev', HASH).notNullable();
    table.string('hash', HASH).notNullable();
    table
      .text('seal')
      .notNullable()
      .comment('Shows that the ledger made the hash');
    table.text('body').notNullable();
    table.string('sealed_at', TIME).notNullable();
    table
      .boolean('late')
      .notNullable()
      .comment('Sealed long after it happened');
    table.string('id', 36).notNullable().unique({ indexName: 'records_id' });
    table.string('at', TIME).notNullable();
    table.string('plugin', NAME).notNullable();
    table.string('event', NAME).notNullable();
    table.string('severity', 16).notNullable();
    table.string('phase', 16).notNullable();
    table.string('intent_id', 36);
    table.string('outcome', 16);
    table.string('actor', NAME).notNullable();
    table.string('door', 16).notNullable();
    table.string('service', NAME);
    table.string('environment', NAME);
    table.string('correlation', NAME);
    for (const column of ['service', 'actor', 'environment', 'event']) {
      table.index([column, 'seq'], `records_${column}`);
    }
    table.index(['door', 'seq'], 'records_door');
    table.index(['outcome', 'seq'], 'records_outcome');
    table.index(['correlation'], 'records_correlation');
    table.index(['intent_id'], 'records_intent');
    table.index(['sealed_at', 'seq'], 'records_sealed_at');
  });
  // Few, and looked for apart from the others, which lie by time as they lie by place.
  await knex.schema.raw(
    'create index records_late on records (at, seq) where late',
  );

  await knex.schema.createTable('open_intents', table => {
    table.comment(
      'What has not ended. Drawn from the chain, so that it is found quickly',
    );
    table.string('id', 36).primary();
    place(table, 'seq').notNullable().index('open_intents_seq');
  });

  await knex.schema.createTable('chain', table => {
    table.comment('One row: the id of the chain and its end');
    table.integer('one').primary();
    table.string('chain', HASH).notNullable();
    place(table, 'head_seq').notNullable();
    table.string('head_hash', HASH).notNullable();
    table.string('started_at', TIME).notNullable();
  });

  await knex.schema.createTable('checkpoints', table => {
    table.comment('Signed ends of the chain');
    place(table, 'seq').primary();
    table.string('chain', HASH).notNullable();
    table.string('hash', HASH).notNullable();
    table.string('at', TIME).notNullable();
    table.string('key_id', 16).notNullable();
    table.text('signature').notNullable();
  });

  await knex.schema.createTable('archives', table => {
    table.comment(
      'Signed places where removed records are, and where the chain goes on',
    );
    place(table, 'to_seq').primary();
    place(table, 'from_seq').notNullable();
    table.string('chain', HASH).notNullable();
    table.string('hash', HASH).notNullable();
    table.string('at', TIME).notNullable();
    table.text('file').notNullable();
    table.string('digest', HASH).notNullable();
    table.string('key_id', 16).notNullable();
    table.text('signature').notNullable();
  });

  await knex.schema.createTable('rejected_intake', table => {
    table.comment('What stood in the intake and was not written by the ledger');
    table.string('id', 36).primary();
    table.text('body').notNullable();
    table.text('mac').notNullable();
    table.string('received_at', TIME).notNullable();
    table.string('found_at', TIME).notNullable();
    table.text('reason').notNullable();
  });

  await knex.schema.createTable('leases', table => {
    table.comment('Who may do what only one may do at a time');
    table.string('name', 64).primary();
    table.string('holder', NAME).notNullable();
    table.bigInteger('token').notNullable().comment('Grows with each holder');
    table
      .bigInteger('expires_at')
      .notNullable()
      .comment('Milliseconds since 1970');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    ...['leases', 'rejected_intake', 'archives', 'checkpoints'],
    ...['chain', 'open_intents', 'records', 'intake'],
  ]) {
    await knex.schema.dropTable(table);
  }
};
