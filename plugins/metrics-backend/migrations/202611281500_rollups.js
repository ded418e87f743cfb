// @ts-check

const DAY = 10;
const NAME = 300;

/**
 * What is counted, and samples packed into one text, of a day.
 *
 * @param {import('knex').Knex.CreateTableBuilder} table
 */
function addMaterial(table) {
  table.integer('excluded').notNullable().defaultTo(0);
  table.integer('open').notNullable().defaultTo(0);
  table.string('open_since', 30);
  for (const samples of ['leads', 'recoveries', 'restores']) {
    table.text(samples).notNullable().defaultTo('').comment('Packed seconds');
  }
}

/**
 * Adds what percentiles are taken from to the counts of each day, and brings services of a day together. Everything is computed anew
 * after it, while the portal runs.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('daily', table => {
    addMaterial(table);
    table.dropColumn('seen');
    table.dropIndex(['environment', 'day', 'owner'], 'daily_owner');
    table.index(['environment', 'owner', 'day'], 'daily_owner');
    table.index(['environment', 'system', 'day'], 'daily_system');
    table.index(['environment', 'day'], 'daily_day');
  });

  await knex.schema.createTable('rollups', table => {
    table.comment(
      'Days of all services, and of those of each owner and system',
    );
    table.string('dimension', 8).notNullable();
    table.string('ref', NAME).notNullable().comment('Empty for all');
    table.string('environment', 63).notNullable();
    table.string('day', DAY).notNullable();
    table.boolean('example').notNullable();
    for (const count of [
      'delivered',
      'completed',
      'failed',
      'successful',
      'rework',
      'platform',
    ]) {
      table.integer(count).notNullable();
    }
    addMaterial(table);
    table.primary(['dimension', 'ref', 'environment', 'day', 'example']);
    table.index(['environment', 'day', 'dimension'], 'rollups_day');
  });

  await knex.schema.createTable('dirty_days', table => {
    table.comment('Days of which something changed since they were rolled up');
    table.string('environment', 63).notNullable();
    table.string('day', DAY).notNullable();
    table
      .boolean('recompute')
      .notNullable()
      .comment('Is part of computing everything anew');
    table.primary(['environment', 'day']);
  });
  await knex('dirty_days').insert(
    knex('daily').distinct('environment', 'day', knex.raw('true as recompute')),
  );

  await knex.schema.alterTable('dirty', table => {
    table
      .string('since', 30)
      .notNullable()
      .defaultTo('')
      .comment('When it was told of first; these come first');
  });

  // Lists of deployments, also of the few that failed or repaired.
  await knex.schema.alterTable('deployment_facts', table => {
    table.dropIndex(['environment', 'day', 'owner'], 'deployment_facts_owner');
    table.index(
      ['environment', 'owner', 'finished_at'],
      'deployment_facts_owner',
    );
    for (const reason of ['failure', 'rework']) {
      table.index(
        ['environment', 'finished_at'],
        `deployment_facts_${reason}`,
        { predicate: knex.whereNotNull(reason) },
      );
    }
  });
  await knex.schema.alterTable('change_facts', table => {
    table.dropIndex(['environment', 'day', 'owner'], 'change_facts_owner');
  });

  await knex('dirty')
    .insert(
      knex('service_facts')
        .select(
          'service',
          knex.raw('1 as generation'),
          knex.raw('? as recompute', [true]),
          knex.raw("'' as since"),
        )
        // SQLite takes "on conflict" for a part of the select otherwise.
        .whereRaw('1 = 1'),
    )
    .onConflict('service')
    .ignore();
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('change_facts', table => {
    table.index(['environment', 'day', 'owner'], 'change_facts_owner');
  });
  await knex.schema.alterTable('deployment_facts', table => {
    table.dropIndex(['environment', 'finished_at'], 'deployment_facts_rework');
    table.dropIndex(['environment', 'finished_at'], 'deployment_facts_failure');
    table.dropIndex(
      ['environment', 'owner', 'finished_at'],
      'deployment_facts_owner',
    );
    table.index(['environment', 'day', 'owner'], 'deployment_facts_owner');
  });
  await knex.schema.alterTable('dirty', table => {
    table.dropColumn('since');
  });
  await knex.schema.dropTable('dirty_days');
  await knex.schema.dropTable('rollups');
  await knex.schema.alterTable('daily', table => {
    table.dropIndex(['environment', 'day'], 'daily_day');
    table.dropIndex(['environment', 'system', 'day'], 'daily_system');
    table.dropIndex(['environment', 'owner', 'day'], 'daily_owner');
    table.index(['environment', 'day', 'owner'], 'daily_owner');
    for (const added of [
      'excluded',
      'open',
      'open_since',
      'leads',
      'recoveries',
      'restores',
    ]) {
      table.dropColumn(added);
    }
    table.integer('seen').notNullable().defaultTo(0);
  });
};
