// @ts-check

/**
 * Has all computed anew, while the portal runs: which deployments a repair blames, and which take another one back, is found in
 * another way now. The latter also by commits, of which it has to be found when each was deployed first.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployment_facts', table => {
    table.index(
      ['service', 'environment', 'commit'],
      'deployment_facts_commit',
      {
        predicate: knex.whereNull('version'),
      },
    );
  });
  await knex('dirty').update({ recompute: true });
  await knex('dirty').insert(
    knex('service_facts')
      .select(
        'service',
        knex.raw('1 as generation'),
        knex.raw('? as recompute', [true]),
        knex.raw("'' as since"),
      )
      .whereNotIn('service', knex('dirty').select('service')),
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deployment_facts', table => {
    table.dropIndex(
      ['service', 'environment', 'commit'],
      'deployment_facts_commit',
    );
  });
};
