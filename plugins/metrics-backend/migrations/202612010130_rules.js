// @ts-check

/**
 * Remembers by which rules the facts of a service were computed, so that those of other rules than the code's are computed anew.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('service_facts', table => {
    table
      .integer('rules')
      .notNullable()
      .defaultTo(0)
      .comment('Version of the rules that its facts follow');
  });
  await knex.schema.alterTable('recomputes', table => {
    table.string('because', 16).comment('Why it began; nothing: asked for');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('recomputes', table => {
    table.dropColumn('because');
  });
  await knex.schema.alterTable('service_facts', table => {
    table.dropColumn('rules');
  });
};
