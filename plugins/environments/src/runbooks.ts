const FOLDER = '/docs/default/component/highroad/runbooks';

/** Pages that help. */
export const RUNBOOK = {
  doesNotAnswer: `${FOLDER}/platform-does-not-answer/`,
  pullRequest: `${FOLDER}/pull-request-environment/`,
};
