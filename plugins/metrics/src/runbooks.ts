const DOCS = '/docs/default/component/highroad';

/** Pages that help. */
export const PAGES = {
  definitions: `${DOCS}/reference/metrics/`,
  quarantine: `${DOCS}/runbooks/metrics-quarantine/`,
  numbers: `${DOCS}/runbooks/metrics-numbers/`,
  recompute: `${DOCS}/runbooks/metrics-recompute/`,
  survey: `${DOCS}/runbooks/metrics-survey/`,
  example: `${DOCS}/runbooks/metrics-example/`,
  sources: `${DOCS}/runbooks/metrics-source-stale/`,
};
