// @ts-check

/**
 * What was sent for one service is tried again for that one only.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('quarantine', table => {
    table.string('service', 300);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('quarantine', table => {
    table.dropColumn('service');
  });
};
