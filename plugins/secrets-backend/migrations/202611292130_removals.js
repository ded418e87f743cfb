// @ts-check

/** Times are ISO 8601 in UTC, as text; those of deletions as Vault says them, to the nanosecond. */
const TIME = 40;
const NAME = 255;

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('removals', table => {
    table.comment('Who took which version of which key away, or put it back');
    table.increments('id');
    table.string('service', NAME).notNullable();
    table.string('environment', 63).notNullable();
    table.string('key', 128).notNullable();
    table.integer('version').notNullable();
    table.string('what', 16).notNullable().comment('deleted or undeleted');
    table.string('actor', NAME).notNullable();
    table.string('at', TIME).notNullable();
    table.index(['service', 'environment', 'key'], 'removals_key');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('removals');
};
