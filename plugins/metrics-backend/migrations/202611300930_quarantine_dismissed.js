// @ts-check

/**
 * Lets somebody say of a bad event that nothing is to be done about it: it is shown no more, also where the same comes again.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('quarantine', table => {
    table.string('dismissed_at', 30).comment('What came is kept no more then');
    table.text('dismissed_because');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex('quarantine').whereNotNull('dismissed_at').delete();
  await knex.schema.alterTable('quarantine', table => {
    table.dropColumns('dismissed_at', 'dismissed_because');
  });
};
