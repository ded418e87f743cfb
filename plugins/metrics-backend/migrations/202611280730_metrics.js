// @ts-check

/** Times are ISO 8601 in UTC, as text, so that they compare and read the same in every database. */
const TIME = 30;
const DAY = 10;
const NAME = 255;
const SERVICE = 300;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('ledger', table => {
    table.comment(
      'What happened, as it was told. Rows are added and never changed',
    );
    table.bigIncrements('seq');
    table.string('source', NAME).notNullable();
    table.string('event_id', NAME).notNullable();
    table.string('type', 64).notNullable();
    table.string('service', SERVICE).notNullable();
    table.string('time', TIME).notNullable();
    table.string('received_at', TIME).notNullable();
    table.boolean('example').notNullable();
    table.text('data', 'longtext').notNullable().comment('JSON');
    table.unique(['source', 'event_id'], { indexName: 'ledger_once' });
    table.index(['service', 'type'], 'ledger_service');
  });

  await knex.schema.createTable('quarantine', table => {
    table.comment('What could not be taken, as it came');
    table.string('id', 36).primary();
    table.string('source', NAME).notNullable();
    table.string('event', NAME);
    table.text('reason').notNullable();
    table.text('payload', 'longtext').notNullable();
    table.string('received_at', TIME).notNullable();
    table.integer('tries').notNullable();
    table.index(['received_at', 'id'], 'quarantine_newest');
  });

  await knex.schema.createTable('source_kinds', table => {
    table.comment('How much each source has told, by type of event');
    table.string('source', NAME).notNullable();
    table.string('type', 64).notNullable();
    table.boolean('example').notNullable();
    table.bigInteger('events').notNullable();
    table.string('last_event_at', TIME).notNullable();
    table.string('last_heard_at', TIME).notNullable();
    table.primary(['source', 'type']);
  });

  await knex.schema.createTable('feeds', table => {
    table.comment('How far feeds are read, and which process works at what');
    table.string('name', 64).primary();
    table.bigInteger('cursor').notNullable().defaultTo(0);
    table.string('last_read_at', TIME);
    table.text('problem');
    table.string('lease_holder', NAME);
    table.integer('lease_token').notNullable().defaultTo(0);
    table.string('lease_until', TIME);
  });

  await knex.schema.createTable('dirty', table => {
    table.comment(
      'Services of which something was told since their facts were computed',
    );
    table.string('service', SERVICE).primary();
    table.integer('generation').notNullable();
    table
      .boolean('recompute')
      .notNullable()
      .comment('Is part of computing everything anew');
  });

  await knex.schema.createTable('recomputes', table => {
    table.integer('id').primary().comment('Always 1: the last one');
    table.integer('total').notNullable();
    table.string('started_at', TIME).notNullable();
    table.string('ended_at', TIME);
  });

  await knex.schema.createTable('deployment_facts', table => {
    table.comment('What follows from the ledger of each deployment');
    table.string('service', SERVICE).notNullable();
    table.string('environment', 63).notNullable();
    table.string('deployment', NAME).notNullable();
    table.string('finished_at', TIME).notNullable();
    table.string('day', DAY).notNullable();
    table.string('outcome', 16).notNullable();
    table.string('kind', 16).notNullable();
    table.string('version', 128);
    table.string('commit', 64);
    table.text('url');
    table.string('source', NAME).notNullable();
    table.boolean('example').notNullable();
    table.boolean('platform').notNullable();
    table.string('owner', SERVICE).notNullable();
    table.string('system', SERVICE).notNullable();
    table.string('range_state', 16).notNullable();
    table.integer('changes').notNullable();
    table.boolean('delivered').notNullable();
    table.boolean('completed').notNullable();
    table.boolean('successful').notNullable();
    table.string('failure', 16);
    table.text('failure_by').comment('What says so');
    table.string('recovered_at', TIME);
    table.bigInteger('recovery_seconds');
    table.string('rework', 16);
    table.primary(['service', 'environment', 'deployment']);
    table.index(['environment', 'day', 'owner'], 'deployment_facts_owner');
    table.index(['environment', 'finished_at'], 'deployment_facts_newest');
  });

  await knex.schema.createTable('change_facts', table => {
    table.comment('Changes, with the deployment that first brought them');
    table.string('service', SERVICE).notNullable();
    table.string('environment', 63).notNullable();
    table.string('change', NAME).notNullable();
    table.string('deployment', NAME).notNullable();
    table.string('day', DAY).notNullable();
    table.string('owner', SERVICE).notNullable();
    table.string('system', SERVICE).notNullable();
    table.string('started_at', TIME).notNullable();
    table.bigInteger('seconds').notNullable();
    table.boolean('excluded').notNullable();
    table.boolean('example').notNullable();
    table.text('title');
    table.text('url');
    table.primary(['service', 'environment', 'change']);
    table.index(['environment', 'day', 'owner'], 'change_facts_owner');
    table.index(['service', 'environment', 'deployment'], 'change_facts_of');
  });

  await knex.schema.createTable('incident_facts', table => {
    table.comment('Incidents, with the deployment that they are attributed to');
    table.string('service', SERVICE).notNullable();
    table.string('environment', 63).notNullable();
    table.string('incident', NAME).notNullable();
    table.string('detected_at', TIME).notNullable();
    table.string('day', DAY).notNullable();
    table.string('owner', SERVICE).notNullable();
    table.string('system', SERVICE).notNullable();
    table.string('resolved_at', TIME);
    table.bigInteger('restore_seconds');
    table.string('deployment', NAME);
    table.boolean('example').notNullable();
    table.text('title');
    table.text('url');
    table.primary(['service', 'environment', 'incident']);
    table.index(['environment', 'day'], 'incident_facts_day');
  });

  await knex.schema.createTable('daily', table => {
    table.comment('Counts of each day, by who owned the service then');
    table.string('service', SERVICE).notNullable();
    table.string('environment', 63).notNullable();
    table.string('day', DAY).notNullable();
    table.string('owner', SERVICE).notNullable();
    table.string('system', SERVICE).notNullable();
    table.boolean('example').notNullable();
    for (const count of [
      'delivered',
      'completed',
      'failed',
      'successful',
      'rework',
      'platform',
      'seen',
    ]) {
      table.integer(count).notNullable();
    }
    table.primary([
      'service',
      'environment',
      'day',
      'owner',
      'system',
      'example',
    ]);
    table.index(['environment', 'day', 'owner'], 'daily_owner');
  });

  await knex.schema.createTable('service_facts', table => {
    table.comment('What is known of each service besides');
    table.string('service', SERVICE).primary();
    table.string('owner', SERVICE).notNullable();
    table.string('system', SERVICE).notNullable();
    table.boolean('eligible').notNullable();
    table.boolean('known').notNullable().comment('The catalog has it');
    table.boolean('example').notNullable();
    table.string('created_at', TIME);
    table.string('onboarded_at', TIME);
    table.string('first_production_at', TIME);
    table.boolean('has_commits').notNullable();
    table.text('tickets').notNullable().comment('JSON: when each was asked');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'service_facts',
    'daily',
    'incident_facts',
    'change_facts',
    'deployment_facts',
    'recomputes',
    'dirty',
    'feeds',
    'source_kinds',
    'quarantine',
    'ledger',
  ]) {
    await knex.schema.dropTable(table);
  }
};
