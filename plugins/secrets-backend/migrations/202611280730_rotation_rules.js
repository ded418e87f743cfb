// @ts-check

/** Times are ISO 8601 in UTC, as text, so that they compare and read the same in every database. */
const TIME = 30;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('rotations', table => {
    table.text('rule').comment('When and how, as JSON');
    table
      .string('held_until', TIME)
      .comment('Until when it is the work of whoever has the token');
    table
      .string('retire_at', TIME)
      .comment('When the value before stops working');
  });
  const rows = await knex('rotations').select();
  for (const { service, environment, key, ...row } of rows) {
    const rule = {
      everyDays: row.every_days,
      generator: 'random',
      settings: { length: row.length, alphabet: row.alphabet },
      overlapHours: 0,
    };
    await knex('rotations')
      .where({ service, environment, key })
      .update({ rule: JSON.stringify(rule), look_at: row.due_at });
  }
  await knex.schema.alterTable('rotations', table => {
    table.dropColumns('every_days', 'length', 'alphabet');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('rotations', table => {
    table.integer('every_days').notNullable().defaultTo(30);
    table.integer('length').notNullable().defaultTo(32);
    table.string('alphabet', 32).notNullable().defaultTo('alphanumeric');
  });
  for (const { service, environment, key, rule } of await knex(
    'rotations',
  ).select()) {
    const { everyDays, generator, settings } = JSON.parse(rule);
    const at = { service, environment, key };
    // What was not there before cannot be kept.
    if (generator !== 'random' || everyDays === undefined) {
      await knex('rotations').where(at).delete();
      continue;
    }
    const { length, alphabet } = settings;
    await knex('rotations')
      .where(at)
      .update({ every_days: everyDays, length, alphabet });
  }
  await knex.schema.alterTable('rotations', table => {
    table.dropColumns('rule', 'held_until', 'retire_at');
  });
};
