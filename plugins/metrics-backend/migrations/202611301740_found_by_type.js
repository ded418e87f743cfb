// @ts-check

/**
 * Finds what is looked for again and again without walking through all that was told: whose each service was, and deployments whose
 * commit is not known.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('ledger', table => {
    table.index(['type', 'time', 'seq'], 'ledger_type', {
      // Of what facts go on from there are many, which are found by what they are about.
      predicate: knex.whereRaw("about = ''"),
    });
  });
  await knex.schema.alterTable('deployment_facts', table => {
    table.index(
      ['service', 'commit', 'finished_at'],
      'deployment_facts_unknown',
      { predicate: knex.whereRaw("range_state = 'unknown-commit'") },
    );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deployment_facts', table => {
    table.dropIndex(
      ['service', 'commit', 'finished_at'],
      'deployment_facts_unknown',
    );
  });
  await knex.schema.alterTable('ledger', table => {
    table.dropIndex(['type', 'time', 'seq'], 'ledger_type');
  });
};
