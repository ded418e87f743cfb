// @ts-check

/**
 * Remembers whose a service was when, and whether anything of it was deployed around its onboarding. Until its facts are computed anew, it
 * is taken for always owned by whose it is now, and for deployed.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('service_facts', table => {
    table
      .text('owners')
      .notNullable()
      .defaultTo('[]')
      .comment('JSON: whose it was from when, if not always whose it is now');
    table
      .boolean('active')
      .notNullable()
      .defaultTo(true)
      .comment('Something of it was deployed around its onboarding');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('service_facts', table => {
    table.dropColumn('active');
    table.dropColumn('owners');
  });
};
