// @ts-check

const QUARTER = 7;
const GROUP = 300;

/**
 * Nothing here ties a person to an answer: who was asked stands apart from what was answered, without a time; answers are counts.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('survey_keys', table => {
    table.comment('What ballots are signed with');
    table.integer('id').primary().comment('Always 1');
    table.string('key', 64).notNullable();
  });
  await knex.schema.createTable('survey_asked', table => {
    table.comment('Who is not asked again before which day');
    table.string('person', 64).primary().comment('Digest of the reference');
    table.string('again_on', 10).notNullable();
  });
  await knex.schema.createTable('survey_asked_counts', table => {
    table.comment('How many were asked');
    table.string('quarter', QUARTER).notNullable();
    table.string('group', GROUP).notNullable();
    table.integer('n').notNullable();
    table.primary(['quarter', 'group']);
  });
  await knex.schema.createTable('survey_spent', table => {
    table.comment(
      'Ballots that were used; a ballot says nothing of who had it',
    );
    table.string('ballot', 64).primary().comment('Digest');
  });
  await knex.schema.createTable('survey_counts', table => {
    table.comment('How many gave which score');
    table.string('quarter', QUARTER).notNullable();
    table.string('group', GROUP).notNullable();
    table.integer('score').notNullable();
    table.integer('n').notNullable();
    table.primary(['quarter', 'group', 'score']);
  });
  await knex.schema.createTable('survey_texts', table => {
    table.comment('What was written, all of a group in one row, sorted');
    table.string('quarter', QUARTER).notNullable();
    table.string('group', GROUP).notNullable();
    table.text('texts', 'longtext').notNullable().comment('JSON');
    table.primary(['quarter', 'group']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'survey_texts',
    'survey_counts',
    'survey_spent',
    'survey_asked_counts',
    'survey_asked',
    'survey_keys',
  ]) {
    await knex.schema.dropTable(table);
  }
};
