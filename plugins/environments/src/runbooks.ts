import { EnvironmentPhase } from '@highroad/plugin-environments-common';

const FOLDER = '/docs/default/component/highroad/runbooks';

/** Pages that help. */
export const RUNBOOK = {
  doesNotAnswer: `${FOLDER}/platform-does-not-answer/`,
  notConnected: `${FOLDER}/environments-not-connected/`,
  refused: `${FOLDER}/environment-refused/`,
  pullRequest: `${FOLDER}/pull-request-environment/`,
};

const OF_PHASE: Partial<Record<EnvironmentPhase, string>> = {
  refused: RUNBOOK.refused,
  'waiting-for-image': `${FOLDER}/environment-not-ready/`,
  degraded: `${FOLDER}/environment-not-ready/`,
  failed: `${FOLDER}/environment-not-ready/`,
  deleting: `${FOLDER}/environment-does-not-end/`,
};

/** The page that helps with one that stands so; none where nothing has to be done. */
export function runbookOf(phase: EnvironmentPhase): string | undefined {
  return OF_PHASE[phase];
}
