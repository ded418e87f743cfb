// What npm run test:soak does: tests of which npm test runs a sample, whole.

const KILL_EVERYWHERE = { HIGHROAD_KILL_EVERY: '1' };

/**
 * Each has
 * - `tests`: patterns of files
 * - `env`: what has them do all
 * - `of`: what is tried, and which of `env` say how often; where none does, the tests count where they kill
 * - `sandbox`: whether real servers are needed
 */
export const SOAKS = {
  deployments: killed('', 'deployments and rollbacks'),
  canaries: killed('Canaries', 'canaries and what is done to them'),
  'blue-green': killed('BlueGreen', 'deployments under blue-green'),
  promotions: killed('Promotions', 'promotions'),
  environments: {
    tests: ['plugins/environments-backend/src/killed\\.'],
    env: KILL_EVERYWHERE,
    of: { what: 'environments made and ended, killed at each call' },
    sandbox: true,
  },
  'pull-requests': {
    tests: ['plugins/environments-backend/src/pullRequests/faults\\.'],
    env: { FAULTS_PULL_REQUESTS: '200', FAULTS_WRONG: '1000' },
    of: {
      what: 'wrong answers of a Git host, half of 200 closed meanwhile',
      counts: ['FAULTS_WRONG'],
    },
  },
  secrets: {
    tests: ['plugins/secrets-backend/src/killed'],
    env: KILL_EVERYWHERE,
    of: { what: 'secrets changed and rotated, killed at each call' },
    sandbox: true,
  },
  'metrics-order': {
    tests: [
      'plugins/metrics-backend/src/facts/goOn/goOn\\.',
      'plugins/metrics-backend/src/service/order\\.',
    ],
    env: { HIGHROAD_PERMUTATIONS: '10000' },
    of: {
      what: 'orders in which events come',
      counts: ['HIGHROAD_PERMUTATIONS'],
    },
  },
  'metrics-git': {
    tests: ['plugins/metrics-backend/src/service/gitHistory\\.'],
    env: { HIGHROAD_GIT_COMMITS: '50000' },
    of: {
      what: 'commits, against git log alone',
      counts: ['HIGHROAD_GIT_COMMITS'],
    },
  },
  audit: {
    tests: [
      'plugins/audit-backend/src/service/kill\\.',
      'plugins/audit-backend/src/service/tampering\\.',
    ],
    env: { HIGHROAD_KILLS: '100', HIGHROAD_TAMPERINGS: '100' },
    of: {
      what: 'replicas killed, and records changed by hand',
      counts: ['HIGHROAD_KILLS', 'HIGHROAD_TAMPERINGS'],
    },
  },
};

/** Kinds of deployments are tried by themselves, since each takes an hour or so. */
function killed(kind, what) {
  return {
    tests: [`plugins/deployments-backend/src/killed${kind}\\.`],
    env: KILL_EVERYWHERE,
    of: { what: `${what}, killed at each of their calls` },
    sandbox: true,
  };
}
