// @ts-check

/** As Vault says it, to the nanosecond. */
const TIME = 40;

/**
 * A key that is taken out of Vault whole begins again with version 1, so that whoever wrote a version is known by when Vault made
 * it too. What had made it is asked whether it still works, also where something else makes values of the key by now.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('versions', table => {
    table.string('made', TIME).comment('When Vault made it, as Vault says it');
    table
      .integer('anew')
      .notNullable()
      .defaultTo(0)
      .comment('1 where its key had begun again by then');
    table
      .text('generator')
      .comment(
        'JSON: what replaced the one before it by this one, and its settings',
      );
  });
  await knex.schema.alterTable('syncs', table => {
    table.text('anew').comment('JSON: keys that were seen to have begun again');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('syncs', table => {
    table.dropColumns('anew');
  });
  await knex.schema.alterTable('versions', table => {
    table.dropColumns('made', 'anew', 'generator');
  });
};
