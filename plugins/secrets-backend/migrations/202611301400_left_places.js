// @ts-check

/**
 * Places that were left are kept, so that an environment has several rows. Replicas of the version before write rows by the
 * index that goes here: from then on they can set, delete and restore no secrets, so they are stopped first.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('syncs', table => {
    table
      .string('left_at', 30)
      .comment('Since when nothing is brought there any more');
    // An environment may have been at several places of one cluster.
    table.dropUnique(['service', 'environment', 'cluster'], 'syncs_place');
  });
  await knex.schema.alterTable('syncs', table => {
    table.unique(['service', 'environment', 'cluster', 'namespace'], {
      indexName: 'syncs_place',
    });
  });
  await knex('syncs')
    .where({ state: 'left' })
    .update({ left_at: new Date().toISOString() });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex('syncs').where({ state: 'left' }).delete();
  await knex.schema.alterTable('syncs', table => {
    table.dropUnique(
      ['service', 'environment', 'cluster', 'namespace'],
      'syncs_place',
    );
    table.dropColumns('left_at');
  });
  await knex.schema.alterTable('syncs', table => {
    table.unique(['service', 'environment', 'cluster'], {
      indexName: 'syncs_place',
    });
  });
};
