const FOLDER = '/docs/default/component/highroad/runbooks';

/** Pages that help. */
export const RUNBOOK = {
  failed: `${FOLDER}/deployment-failed/`,
  doesNotAnswer: `${FOLDER}/platform-does-not-answer/`,
};
