import { Step } from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';

/** Writes steps over those of the same numbers. */
export async function writeSteps(
  transaction: Knex.Transaction,
  id: string,
  steps: Step[],
): Promise<void> {
  if (steps.length === 0) return;
  await transaction('steps')
    .insert(steps.map(step => stepRow(id, step)))
    .onConflict(['deployment_id', 'number'])
    .merge();
}

/**
 * Ends the steps that still run of a deployment that has ended: nobody goes on with them.
 *
 * @param now - ISO 8601
 */
export async function closeSteps(
  transaction: Knex.Transaction,
  id: string,
  now: string,
): Promise<void> {
  await transaction('steps')
    .where({ deployment_id: id, state: 'running' })
    .update({ state: 'skipped', ended_at: now });
}

function stepRow(id: string, step: Step) {
  return {
    deployment_id: id,
    number: step.number,
    name: step.name,
    state: step.state,
    summary: step.summary,
    started_at: step.startedAt,
    ended_at: step.endedAt ?? null,
    evidence: JSON.stringify(step.evidence),
  };
}
