/**
 * How many events the ledger takes, how long the numbers take then, and how long it takes to compute everything anew.
 *
 * BENCH_DEPLOYMENTS says how many deployments there are (100,000 unless said): three commits for each, and an incident for every
 * twentieth, of 5,000 services in two years. BENCH_SQLITE_DEPLOYMENTS (20,000) is the same for SQLite.
 */
import { createMetrics } from '@highroad/plugin-metrics-backend/testing';
import { Key, keys } from '@highroad/plugin-metrics-common';
import createKnex, { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createRandom } from './support/organization';
import { Figure, report } from './support/report';
import { quantile } from './support/statistics';

const DEPLOYMENTS = Number(process.env.BENCH_DEPLOYMENTS ?? 100_000);
const SQLITE_DEPLOYMENTS = Number(
  process.env.BENCH_SQLITE_DEPLOYMENTS ?? 20_000,
);
const RUNS = Number(process.env.BENCH_RUNS ?? 20);
const SERVICES = 5_000;
const TEAMS = 200;
const DAYS = 730;
const AT_ONCE = 500;
const DAY_MS = 86_400_000;
const END = Date.parse('2026-06-30T00:00:00Z');
const TEAM = 'group:default/team-7';
const SCOPE = { from: '2026-04-01', to: '2026-06-29' };

/** Events in the order of their time, as they would come. */
function* history(deployments: number): Generator<object> {
  const random = createRandom(11);
  const last = new Map<number, string>();
  const envelope = (id: string, type: string, at: number, data: object) => ({
    ...{ specversion: '1.0', source: '/bench', id, type, data },
    time: new Date(at).toISOString(),
  });
  const begin = END - DAYS * DAY_MS;
  for (let service = 0; service < SERVICES; service++) {
    yield envelope(`o${service}`, 'com.myorg.platform.service.owned.1', begin, {
      service: `component:default/service-${service}`,
      owner: `group:default/team-${service % TEAMS}`,
    });
  }
  for (let number = 0; number < deployments; number++) {
    const at = begin + Math.floor(((number + 1) / deployments) * DAYS * DAY_MS);
    const one = Math.floor(random() * SERVICES);
    const service = `component:default/service-${one}`;
    let commit = last.get(one);
    for (let change = 0; change < 3; change++) {
      const hash = createHash('sha1')
        .update(`${number} ${change}`)
        .digest('hex');
      const authored = at - Math.floor(random() * 3 * DAY_MS);
      yield envelope(hash, 'com.myorg.platform.commit.made.1', authored, {
        ...{ service, commit: hash, parents: commit ? [commit] : [] },
        authoredAt: new Date(authored).toISOString(),
      });
      commit = hash;
    }
    if (commit) last.set(one, commit);
    yield envelope(
      `d${number}`,
      'com.myorg.platform.deployment.finished.1',
      at,
      {
        ...{ service, commit, deployment: `d${number}`, version: `${number}` },
        ...{ environment: 'production', outcome: 'succeeded' },
      },
    );
    if (number % 20 === 0) {
      for (const [kind, after] of [
        ['detected', 1],
        ['resolved', 2],
      ] as const) {
        yield envelope(
          `i${number} ${kind}`,
          `dev.cdevents.incident.${kind}.0.2.0`,
          at + after * 3_600_000,
          { service, incident: `i${number}` },
        );
      }
    }
  }
}

async function measure(
  name: string,
  db: Knex,
  deployments: number,
  goalMs: number,
): Promise<Figure[]> {
  const metrics = await createMetrics(db, () => new Date(END));
  const began = Date.now();
  let batch: object[] = [];
  let events = 0;
  let batches = 0;
  const flush = async () => {
    await metrics.intake.take(batch, { source: '/bench' });
    events += batch.length;
    batches += 1;
    batch = [];
    // As the worker does beside it, so that facts never lag far behind.
    if (batches % 10 === 0) await metrics.compute();
  };
  for (const event of history(deployments)) {
    batch.push(event);
    if (batch.length === AT_ONCE) await flush();
  }
  await flush();
  await metrics.compute();
  const seconds = (Date.now() - began) / 1000;
  const figures: Figure[] = [
    {
      name: `${name}: ${events} events taken and computed`,
      value: events / seconds,
      unit: 'events/s',
      goal: '≥ 2000',
      n: events,
    },
  ];
  const timed = async (what: string, ask: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
    }
    figures.push({
      ...{ name: `${name}: ${what}, p95`, unit: 'ms', n: RUNS },
      ...{ value: quantile(times, 0.95), goal: `< ${goalMs}` },
    });
  };
  for (const [of, slice] of [
    ['all', undefined],
    ['a team', TEAM],
  ] as const) {
    const { numbers } = metrics;
    await timed(`summary of ${of}`, () => numbers.summary({ ...SCOPE, slice }));
    for (const key of keys satisfies readonly Key[]) {
      await timed(`${key} of ${of} by week`, () =>
        numbers.series({ ...SCOPE, slice, key, bucket: 'week' }),
      );
    }
    await timed(`teams of ${of}`, () =>
      numbers.teams({ ...SCOPE, slice, by: 'owner' }),
    );
  }
  const start = Date.now();
  let most = process.memoryUsage().rss;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 100);
  await metrics.work.recompute(new Date().toISOString());
  await metrics.compute();
  clearInterval(watch);
  figures.push(
    {
      ...{ name: `${name}: all computed anew`, unit: 's', n: events },
      value: (Date.now() - start) / 1000,
    },
    {
      ...{ name: `${name}: memory meanwhile`, unit: 'MB', n: 1 },
      value: most / 1_048_576,
    },
  );
  return figures;
}

async function main() {
  const url = process.env.BENCH_POSTGRES_URL;
  if (!url) throw new Error('Run it with: npm run bench -- metrics');
  const folder = await mkdtemp(join(tmpdir(), 'highroad-bench-'));
  const figures: Figure[] = [];
  const on = async (
    name: string,
    db: Knex,
    deployments: number,
    goalMs: number,
  ) => {
    try {
      figures.push(...(await measure(name, db, deployments, goalMs)));
    } finally {
      await db.destroy();
    }
  };
  try {
    const database = `bench_metrics_${Date.now()}`;
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(`create database ${database}`);
    await admin.end();
    const connection = new URL(url);
    connection.pathname = `/${database}`;
    await on(
      'PostgreSQL',
      createKnex({ client: 'pg', connection: connection.toString() }),
      DEPLOYMENTS,
      100,
    );
    await on(
      'SQLite',
      createKnex({
        client: 'better-sqlite3',
        connection: { filename: join(folder, 'metrics.db') },
        useNullAsDefault: true,
      }),
      SQLITE_DEPLOYMENTS,
      200,
    );
    report('metrics', figures);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
