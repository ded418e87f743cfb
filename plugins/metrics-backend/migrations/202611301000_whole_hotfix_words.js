// @ts-check

/**
 * Has services computed anew of which a change was taken for a hotfix: a title has to begin with the whole word since now.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const services = await knex('deployment_facts')
    .where({ failure: 'hotfix' })
    .orWhere({ rework: 'hotfix' })
    .distinct('service')
    .pluck('service');
  for (const service of services) {
    await knex('dirty')
      .insert({ service, generation: 1, recompute: false, since: '' })
      .onConflict('service')
      .ignore();
  }
};

/** Nothing was changed that would be in the way. */
exports.down = async function down() {};
