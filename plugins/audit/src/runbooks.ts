const FOLDER = '/docs/default/component/highroad/runbooks';

/** Pages that help. */
export const RUNBOOK = {
  doesNotAnswer: `${FOLDER}/audit-does-not-answer/`,
  cannotRecord: `${FOLDER}/audit-cannot-record/`,
  chainBroken: `${FOLDER}/audit-chain-broken/`,
};
