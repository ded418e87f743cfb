// @ts-check

/**
 * Remembers on which days each source was heard, so that one that goes silent can be told from one that seldom has anything to tell.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('source_days', table => {
    table.comment('Days, in UTC, on which a source told something new');
    table.string('source', 255).notNullable();
    table.string('day', 10).notNullable();
    table.primary(['source', 'day']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('source_days');
};
