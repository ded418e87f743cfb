// @ts-check

const SERVICE = 300;

/**
 * What each event is about, as `aboutOf` says it.
 *
 * @type {Array<[type: string, kind: string, fields: string[]]>}
 */
const ABOUT = [
  [
    'com.myorg.platform.deployment.finished.1',
    'deployment',
    ['environment', 'deployment'],
  ],
  ['com.myorg.platform.commit.made.1', 'commit', ['commit']],
  ['dev.cdevents.change.merged.0.2.0', 'change', ['change']],
  [
    'dev.cdevents.incident.detected.0.2.0',
    'detected',
    ['environment', 'incident'],
  ],
  [
    'dev.cdevents.incident.resolved.0.2.0',
    'resolved',
    ['environment', 'incident'],
  ],
];

/**
 * Lets facts of a service go on from where they stood, so that what was told next costs no reading of all before it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('ledger', table => {
    table.string('about', 400).notNullable().defaultTo('');
  });
  const isPostgres = knex.client.config.client === 'pg';
  /** @param {string} name */
  const field = name =>
    isPostgres
      ? `(data::json ->> '${name}')`
      : `json_extract(data, '$.${name}')`;
  for (const [type, kind, fields] of ABOUT) {
    await knex('ledger')
      .where({ type })
      .update({
        about: knex.raw(
          [`'${kind}'`, ...fields.map(field)].join(` || ' ' || `),
        ),
      });
  }
  await knex.schema.alterTable('ledger', table => {
    table.index(['service', 'about'], 'ledger_about');
    table.dropIndex(['service', 'type'], 'ledger_service');
  });

  await knex.schema.createTable('fresh', table => {
    table.comment('Events that facts do not follow yet');
    table.bigInteger('seq').primary();
    table.string('service', SERVICE).notNullable();
    table.index(['service'], 'fresh_service');
  });

  await knex.schema.createTable('service_states', table => {
    table.comment('Where facts of a service go on from');
    table.string('service', SERVICE).primary();
    table.text('state', 'longtext').notNullable().comment('JSON');
  });

  await knex.schema.createTable('wanted', table => {
    table.comment('What events refer to and nothing was told of');
    table.string('service', SERVICE).notNullable();
    table.string('about', 400).notNullable();
    table.primary(['service', 'about']);
  });

  await knex.schema.alterTable('deployment_facts', table => {
    table.index(
      ['service', 'environment', 'version'],
      'deployment_facts_version',
    );
    table.index(['service', 'environment', 'day'], 'deployment_facts_day');
  });
  await knex.schema.alterTable('incident_facts', table => {
    table.index(['service', 'environment', 'day'], 'incident_facts_of');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('incident_facts', table => {
    table.dropIndex(['service', 'environment', 'day'], 'incident_facts_of');
  });
  await knex.schema.alterTable('deployment_facts', table => {
    table.dropIndex(['service', 'environment', 'day'], 'deployment_facts_day');
    table.dropIndex(
      ['service', 'environment', 'version'],
      'deployment_facts_version',
    );
  });
  await knex.schema.dropTable('wanted');
  await knex.schema.dropTable('service_states');
  // What was told and not followed yet is computed anew.
  await knex('dirty')
    .insert(
      knex('fresh')
        .distinct('service')
        .select(
          knex.raw('1 as generation'),
          knex.raw('false as recompute'),
          knex.raw("'' as since"),
        )
        // SQLite takes "on conflict" for a part of the select otherwise.
        .whereRaw('1 = 1'),
    )
    .onConflict('service')
    .ignore();
  await knex.schema.dropTable('fresh');
  await knex.schema.alterTable('ledger', table => {
    table.index(['service', 'type'], 'ledger_service');
    table.dropIndex(['service', 'about'], 'ledger_about');
    table.dropColumn('about');
  });
};
