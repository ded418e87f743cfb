// @ts-check

const BATCH = 1_000;
const LONGEST = 255;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const isSqlite = knex.client.config.client.includes('sqlite3');
  await knex.schema.createTable('record_environments', table => {
    table.comment(
      'Where a record is about several environments: those that its column does not say',
    );
    if (isSqlite) table.integer('seq').notNullable();
    else table.bigInteger('seq').notNullable();
    table.string('environment', LONGEST).notNullable();
    table.primary(['environment', 'seq']);
    table.index(['seq'], 'record_environments_seq');
  });
  // Those of before are found by them too.
  for (let after = 0; ; ) {
    const rows = await knex('records')
      .select('seq', 'environment', 'body')
      .where('seq', '>', after)
      .andWhereLike('body', '%"environments":[%')
      .orderBy('seq')
      .limit(BATCH);
    const found = rows.flatMap(({ seq, environment, body }) =>
      severalIn(body)
        .filter(name => name !== environment)
        .map(name => ({ seq, environment: name })),
    );
    if (found.length > 0) {
      await knex.batchInsert('record_environments', found, 200);
    }
    if (rows.length < BATCH) break;
    after = rows[rows.length - 1].seq;
  }
};

/**
 * @param {string} body - may be anything, where somebody changed it
 * @returns {string[]}
 */
function severalIn(body) {
  try {
    const several = JSON.parse(body)?.meta?.environments;
    if (!Array.isArray(several)) return [];
    const names = several.filter(
      one => typeof one === 'string' && one && one.length <= LONGEST,
    );
    return [...new Set(names)];
  } catch {
    return [];
  }
}

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('record_environments');
};
