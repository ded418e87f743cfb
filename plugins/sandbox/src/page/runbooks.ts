const FOLDER = '/docs/default/component/highroad/runbooks';

/** The pages that help, by what is wrong. */
export const RUNBOOK = {
  serverDoesNotAnswer: `${FOLDER}/sandbox-server-does-not-answer/`,
  buildFails: `${FOLDER}/sandbox-build-fails/`,
  programNotPrepared: `${FOLDER}/sandbox-program-not-prepared/`,
  realNodeLacks: `${FOLDER}/sandbox-real-node-lacks/`,
};
