// @ts-check

/**
 * Lets readers keep days that have not changed since they read them.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('day_revisions', table => {
    table.comment('How often what is told of each day was brought together');
    table.string('environment', 63).notNullable();
    table.string('day', 10).notNullable();
    table.bigInteger('revision').notNullable();
    table.primary(['environment', 'day']);
  });
  await knex('day_revisions').insert(
    knex('rollups')
      .where({ dimension: 'all' })
      .distinct('environment', 'day', knex.raw('0 as revision')),
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('day_revisions');
};
