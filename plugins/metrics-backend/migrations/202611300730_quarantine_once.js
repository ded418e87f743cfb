// @ts-check

/** So much was kept of an event by older plugins. */
const KEPT_BEFORE = 20_000;

/**
 * The same bad event is one row, however often it comes; and what is not kept whole is known to be so.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('quarantine', table => {
    table.string('digest', 64).comment('Of what came, and from where');
    table.integer('times').notNullable().defaultTo(1).comment('It came');
    table
      .boolean('cut')
      .notNullable()
      .defaultTo(false)
      .comment('It is not kept whole, so that it cannot be tried again');
    table.unique(['digest'], { indexName: 'quarantine_once' });
  });
  await knex('quarantine')
    .whereRaw('length(payload) >= ?', [KEPT_BEFORE])
    .update({
      cut: true,
      reason: knex.raw("reason || '. ' || ?", [
        'An older portal kept only its beginning, so have it sent again',
      ]),
    });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('quarantine', table => {
    table.dropUnique(['digest'], 'quarantine_once');
    table.dropColumns('digest', 'times', 'cut');
  });
};
