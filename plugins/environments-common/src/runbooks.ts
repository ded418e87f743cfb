import { EnvironmentPhase } from './status';

/** Pages in docs/runbooks, by their names. */
export const runbooks = {
  doesNotEnd: 'environment-does-not-end',
  notReady: 'environment-not-ready',
  pullRequest: 'pull-request-environment',
  refused: 'environment-refused',
} as const;

/** Where the portal shows a page of docs/runbooks, from its own address on. */
export function runbookPath(page: string): string {
  return `/docs/default/component/highroad/runbooks/${page}/`;
}

const OF_PHASE: Partial<Record<EnvironmentPhase, string>> = {
  refused: runbooks.refused,
  'waiting-for-image': runbooks.notReady,
  degraded: runbooks.notReady,
  failed: runbooks.notReady,
  deleting: runbooks.doesNotEnd,
};

/** Name of the page that helps with an environment that stands so; none where nothing has to be done. */
export function runbookOf(phase: EnvironmentPhase): string | undefined {
  return OF_PHASE[phase];
}
