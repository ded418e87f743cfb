/**
 * Writes into a portal's database that services were deployed to environments: to each twice, a month ago, the second time with
 * another version, which failed for some.
 *
 *   node manyDeployments.mjs <deployments.sqlite> <how many services> <environment>…
 */
import { DatabaseSync } from 'node:sqlite';

const [file, services, ...environments] = process.argv.slice(2);
const BEGAN = Date.now() - 30 * 24 * 3_600_000;
/** One in so many fails. */
const FAILING = 500;

const row = (at, service, environment, version, failed) => {
  const time = new Date(BEGAN + at * 10).toISOString();
  return {
    id: `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    kind: 'deploy',
    service,
    environment,
    version,
    image: 'registry.example.com/shop/service',
    digest: `sha256:${'ab'.repeat(32)}`,
    commit: 'c0ffee00'.repeat(5),
    strategy: 'rolling',
    state: failed ? 'failed' : 'succeeded',
    summary: failed
      ? 'The image cannot be pulled. 1.4.1 is put back.'
      : `${version} runs in ${environment}`,
    progress: JSON.stringify({
      wanted: 2,
      updated: 2,
      ready: 2,
      paused: false,
    }),
    requested_by: 'user:default/anna',
    door: 'cli',
    correlation: 'many-000001',
    requested_at: time,
    ended_at: time,
    revision: 9,
    memory: JSON.stringify({ applied: true }),
    due_at: time,
    lease_token: 1,
    holds: '[]',
  };
};

const db = new DatabaseSync(file, { timeout: 60_000 });
const columns = Object.keys(row(0, '', '', '', false));
const insert = db.prepare(
  `insert into deployments (${columns
    .map(column => `"${column}"`)
    .join(', ')}) values (${columns.map(() => '?').join(', ')})`,
);
db.exec('begin immediate');
let at = 0;
for (let number = 0; number < Number(services); number++) {
  const service = `component:default/service-${String(number).padStart(
    4,
    '0',
  )}`;
  for (const environment of environments) {
    insert.run(
      ...Object.values(row(at++, service, environment, '1.4.1', false)),
    );
    const failed = number % FAILING === 0;
    insert.run(
      ...Object.values(row(at++, service, environment, '1.4.2', failed)),
    );
  }
}
db.exec('commit');
db.close();
