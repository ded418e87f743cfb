// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('versions', table => {
    table
      .integer('bytes')
      .comment('Size of the value, rounded up so that it tells nothing of it');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('versions', table => {
    table.dropColumns('bytes');
  });
};
