// @ts-check

/** Times are ISO 8601 in UTC, as text, so that they compare and read the same in every database. */
const TIME = 30;
const NAME = 255;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('rotations', table => {
    table.comment('Keys whose values are replaced every so often');
    table.string('service', NAME).notNullable();
    table.string('environment', 63).notNullable();
    table.string('key', 128).notNullable();
    table.integer('every_days').notNullable();
    table.integer('length').notNullable();
    table.string('alphabet', 32).notNullable();
    table.string('due_at', TIME).notNullable();
    table.string('last_at', TIME);
    table
      .integer('from_version')
      .comment('While it is being replaced: the version that was there before');
    table.text('problem');
    table.integer('tries').notNullable().defaultTo(0);
    table
      .string('look_at', TIME)
      .notNullable()
      .comment(
        'When to try; later than due where it failed or somebody is at it',
      );
    table.integer('token').notNullable().defaultTo(0);
    table.primary(['service', 'environment', 'key']);
    table.index(['look_at'], 'rotations_look');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('rotations');
};
