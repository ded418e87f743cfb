// @ts-check

const QUARTER = 7;
const GROUP = 300;

/**
 * One row holds what was told apart by rows before: who was asked, until which month; which ballots were used in a quarter; what a group
 * answered in it. So that no order of rows, and no number of the transaction that wrote one, ties a person to an answer.
 *
 * Who was asked is kept by a digest with a key that is not in the database, which only the plugin can make: it does so at its next start,
 * and leaves `survey_asked_plain` empty.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('survey_asked_plain', table => {
    table.comment('Who was asked, as an older plugin knew it');
    table.string('person', 64).primary();
    table.string('again_on', 10).notNullable();
  });
  await knex('survey_asked_plain').insert(
    knex('survey_asked').select('person', 'again_on').orderBy('person'),
  );
  await knex.schema.dropTable('survey_asked');
  await knex.schema.createTable('survey_asked', table => {
    table.comment('Who is not asked again before the first of which month');
    table.string('again_on', 10).primary();
    table
      .text('people', 'longtext')
      .notNullable()
      .comment('JSON, digests with a key, sorted');
  });
  await knex.schema.createTable('survey_groups', table => {
    table.comment('What a group answered in a quarter');
    table.string('quarter', QUARTER).notNullable();
    table.string('group', GROUP).notNullable();
    table.integer('asked').notNullable();
    table
      .string('counts', 255)
      .notNullable()
      .comment('JSON, how many gave 0, 1 … 10');
    table.text('texts', 'longtext').notNullable().comment('JSON, sorted');
    table.primary(['quarter', 'group']);
  });
  const groups = new Map();
  /** @param {{ quarter: string, group: string }} row */
  const of = ({ quarter, group }) => {
    const key = `${quarter} ${group}`;
    if (!groups.has(key)) {
      groups.set(key, {
        ...{ quarter, group, asked: 0, texts: '[]' },
        counts: Array(11).fill(0),
      });
    }
    return groups.get(key);
  };
  for (const row of await knex('survey_asked_counts')) of(row).asked = row.n;
  for (const row of await knex('survey_counts')) {
    of(row).counts[row.score] = row.n;
  }
  for (const row of await knex('survey_texts')) of(row).texts = row.texts;
  for (const row of groups.values()) {
    await knex('survey_groups').insert({
      ...row,
      counts: JSON.stringify(row.counts),
    });
  }
  // Of which quarter a ballot was is not known; those of all are refused together.
  const spent = await knex('survey_spent').pluck('ballot');
  for (const table of [
    'survey_texts',
    'survey_counts',
    'survey_spent',
    'survey_asked_counts',
  ]) {
    await knex.schema.dropTable(table);
  }
  await knex.schema.createTable('survey_spent', table => {
    table.comment(
      'Ballots that were used; a ballot says nothing of who had it',
    );
    table.integer('id').primary().comment('Always 1');
    table
      .text('ballots', 'longtext')
      .notNullable()
      .comment('JSON, digests by quarter, sorted');
  });
  await knex('survey_spent').insert({
    id: 1,
    ballots: JSON.stringify({ any: spent.sort() }),
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  const spent = await knex('survey_spent').first();
  const groups = await knex('survey_groups');
  const asked = await knex('survey_asked');
  for (const table of ['survey_spent', 'survey_groups', 'survey_asked']) {
    await knex.schema.dropTable(table);
  }
  await knex.schema.createTable('survey_asked', table => {
    table.string('person', 64).primary().comment('Digest of the reference');
    table.string('again_on', 10).notNullable();
  });
  await knex('survey_asked').insert(
    knex('survey_asked_plain').select('person', 'again_on'),
  );
  await knex.schema.dropTable('survey_asked_plain');
  await knex.schema.createTable('survey_asked_counts', table => {
    table.string('quarter', QUARTER).notNullable();
    table.string('group', GROUP).notNullable();
    table.integer('n').notNullable();
    table.primary(['quarter', 'group']);
  });
  await knex.schema.createTable('survey_spent', table => {
    table.string('ballot', 64).primary().comment('Digest');
  });
  await knex.schema.createTable('survey_counts', table => {
    table.string('quarter', QUARTER).notNullable();
    table.string('group', GROUP).notNullable();
    table.integer('score').notNullable();
    table.integer('n').notNullable();
    table.primary(['quarter', 'group', 'score']);
  });
  await knex.schema.createTable('survey_texts', table => {
    table.string('quarter', QUARTER).notNullable();
    table.string('group', GROUP).notNullable();
    table.text('texts', 'longtext').notNullable().comment('JSON');
    table.primary(['quarter', 'group']);
  });
  // Digests with a key are none that an older plugin makes. It may ask these people once more.
  for (const { again_on: againOn, people } of asked) {
    for (const person of JSON.parse(people)) {
      await knex('survey_asked')
        .insert({ person, again_on: againOn })
        .onConflict('person')
        .ignore();
    }
  }
  for (const ballots of Object.values(JSON.parse(spent.ballots))) {
    for (const ballot of ballots) await knex('survey_spent').insert({ ballot });
  }
  for (const { quarter, group, asked: n, counts, texts } of groups) {
    const place = { quarter, group };
    if (n > 0) await knex('survey_asked_counts').insert({ ...place, n });
    for (const [score, count] of JSON.parse(counts).entries()) {
      if (count === 0) continue;
      await knex('survey_counts').insert({ ...place, score, n: count });
    }
    if (texts !== '[]') await knex('survey_texts').insert({ ...place, texts });
  }
};
