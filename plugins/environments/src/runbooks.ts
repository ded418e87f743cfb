import {
  EnvironmentPhase,
  runbookOf as pageOf,
  runbooks,
} from '@highroad/plugin-environments-common';

/** @param page - its name in docs/runbooks */
function addressOf(page: string): string {
  return `/docs/default/component/highroad/runbooks/${page}/`;
}

/** Pages that help. */
export const RUNBOOK = {
  doesNotAnswer: addressOf('platform-does-not-answer'),
  doesNotEnd: addressOf(runbooks.doesNotEnd),
  notConnected: addressOf('environments-not-connected'),
  pullRequest: addressOf(runbooks.pullRequest),
  refused: addressOf(runbooks.refused),
};

/** The page that helps with one that stands so; none where nothing has to be done. */
export function runbookOf(phase: EnvironmentPhase): string | undefined {
  const page = pageOf(phase);
  return page && addressOf(page);
}
