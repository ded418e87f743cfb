/**
 * The credentials of a service's database are replaced again and again on a real node, while a client has its pods make
 * connections all the time: how many logins fail, and how many requests.
 *
 * Takes the portal and the sandbox that `npm start -- --real-node` runs. Makes a service of its own, and removes what runs
 * of it.
 */
import createKnex from 'knex';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { report } from './support/report';
import { startedPortal } from './support/startedPortal';
import { quantile } from './support/statistics';
import { keepAsking, successes } from './support/traffic';

const ROTATIONS = Number(process.env.BENCH_ROTATIONS ?? 20);
const REQUESTS_PER_SECOND = Number(process.env.BENCH_RATE ?? 50);
const ENVIRONMENT = 'staging';
const AT = ['--env', ENVIRONMENT];
/** Connections live so short that each request has one made. */
const POOL = 'pool_max_conn_lifetime=10ms&pool_max_conn_idle_time=10ms';

async function main() {
  const portal = await startedPortal();
  const { connection, sandbox, run } = portal;
  const { kubectl } = await sandbox.cluster();
  const { host, port, user, password } = connection.postgres;
  const database = createKnex({
    client: 'pg',
    connection: { host, port, user, password, database: 'postgres' },
  });
  const name = `bench-rotation-${Date.now().toString(36)}`;
  const there = `--namespace=${name}-${ENVIRONMENT}`;
  const rotate = ['secrets', 'rotate', `${name}/DATABASE_URL`, ...AT];

  const version = await portal.create(name, '--database', 'postgres');
  await done('deploy', name, ...AT, '--version', version);
  await done(...rotate, '--every', '30d', '--generator', 'postgres');
  const rotated = await running();
  const url = new URL(rotated.credentials);
  url.search = [url.search.slice(1), POOL].filter(Boolean).join('&');
  await done('secrets', 'set', `${name}/DATABASE_URL`, url.toString(), ...AT);
  await replaced(rotated);

  const failedBefore = await failedLogins();
  const madeBefore = await connectionsMade();
  const traffic = keepAsking(connection.ingress, {
    ...{ host: `${name}.${ENVIRONMENT}`, path: '/v1/items' },
    perSecond: REQUESTS_PER_SECOND,
  });
  const took: number[] = [];
  for (let n = 0; n < ROTATIONS; n++) {
    const before = await running();
    const began = performance.now();
    await done(...rotate);
    await replaced(before);
    took.push((performance.now() - began) / 1000);
  }
  const seconds = traffic.since() / 1000;
  const asked = await traffic.stop();
  const made = (await connectionsMade()) - madeBefore;
  report('rotation', [
    {
      name: 'logins that failed',
      value: (await failedLogins()) - failedBefore,
      ...{ unit: '', goal: '0', n: made },
    },
    successes('requests that succeed', asked, '100'),
    {
      name: 'connections made',
      ...{ value: made / seconds, unit: '/s', n: made },
    },
    {
      name: 'rotation to all pods having the new credentials, p50',
      ...{ value: quantile(took, 0.5), unit: 's', n: ROTATIONS },
    },
  ]);
  await kubectl([
    ...['delete', 'namespace', `${name}-${ENVIRONMENT}`, '--wait=false'],
  ]);

  async function done(...args: string[]): Promise<void> {
    const { code, stderr } = await run(...args, '--json');
    if (code !== 0) throw new Error(`platform ${args[0]}: ${stderr}`);
  }

  /** What the cluster has of it, and when the pods were last replaced for it. */
  async function running() {
    const [encoded, annotations] = await Promise.all([
      kubectl([
        ...['get', 'secret', name, there],
        '--output=jsonpath={.data.DATABASE_URL}',
      ]),
      kubectl([
        ...['get', `deployment/${name}`, there],
        '--output=jsonpath={.spec.template.metadata.annotations}',
      ]),
    ]);
    return {
      credentials: Buffer.from(encoded, 'base64').toString(),
      annotations,
    };
  }

  /** Waits until the cluster has other credentials, and all pods were started with them. */
  async function replaced(before: Awaited<ReturnType<typeof running>>) {
    for (;;) {
      const now = await running();
      const isNew = now.credentials !== before.credentials;
      if (isNew && now.annotations !== before.annotations) break;
      await sleep(500);
    }
    await kubectl([
      ...['rollout', 'status', `deployment/${name}`, there],
      '--timeout=120s',
    ]);
  }

  async function failedLogins(): Promise<number> {
    const log = await readFile(portal.logOf('postgres'), 'utf8');
    return log.split('password authentication failed').length - 1;
  }

  async function connectionsMade(): Promise<number> {
    const { rows } = await database.raw(
      'select sum(sessions) as made from pg_stat_database',
    );
    return Number(rows[0].made);
  }
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
