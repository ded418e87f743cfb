const DOCS = '/docs/default/component/highroad';

/** Pages that help. */
export const PAGES = {
  definitions: `${DOCS}/reference/metrics/`,
  quarantine: `${DOCS}/runbooks/metrics-quarantine/`,
  sources: `${DOCS}/runbooks/metrics-source-stale/`,
  doesNotAnswer: `${DOCS}/runbooks/platform-does-not-answer/`,
};
