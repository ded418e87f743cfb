import {
  EnvironmentPhase,
  runbookOf as pageOf,
  runbookPath,
  runbooks,
} from '@highroad/plugin-environments-common';

/** Pages that help. */
export const RUNBOOK = {
  doesNotAnswer: runbookPath('platform-does-not-answer'),
  doesNotEnd: runbookPath(runbooks.doesNotEnd),
  notReady: runbookPath(runbooks.notReady),
  notConnected: runbookPath('environments-not-connected'),
  pullRequest: runbookPath(runbooks.pullRequest),
  refused: runbookPath(runbooks.refused),
};

/** The page that helps with one that stands so; none where nothing has to be done. */
export function runbookOf(phase: EnvironmentPhase): string | undefined {
  const page = pageOf(phase);
  return page && runbookPath(page);
}
