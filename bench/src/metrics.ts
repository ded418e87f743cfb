/**
 * How long everything takes to be computed from the ledger, how long the numbers take then, and how far they lag behind what is told.
 *
 * BENCH_DEPLOYMENTS says how many deployments there are on PostgreSQL (1,000,000 unless said): three commits for each, and an incident for
 * every twentieth, of 5,000 services of 200 teams in two years. BENCH_SQLITE_DEPLOYMENTS (100,000) is the same for SQLite; 0 leaves either
 * out. BENCH_RUNS (40) is how often each chart is asked for. Then up to BENCH_RATE (2,500) events a second are told for BENCH_SECONDS (60): of
 * one service after another, as imports do, and for as long again of all services beside one another, as they happen. At the end a backend
 * is asked and told over HTTP, with its rights: what the page asks, and one service after another.
 */
import { createMetrics } from '@highroad/plugin-metrics-backend/testing';
import { freePort } from 'e2e';
import createKnex, { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { bulkLedger } from './support/bulkLedger';
import { deliveryHistory, HistorySize } from './support/deliveryHistory';
import { startMetricsBackend } from './support/metricsBackend';
import { measureHttpReads } from './support/metricsHttp';
import { measureIngest, PROBE_TEAM } from './support/metricsIngest';
import { measureReads } from './support/metricsReads';
import { Figure, report } from './support/report';

const given = (name: string, otherwise: number) =>
  Number(process.env[name] ?? otherwise);
const DEPLOYMENTS = given('BENCH_DEPLOYMENTS', 1_000_000);
const SQLITE_DEPLOYMENTS = given('BENCH_SQLITE_DEPLOYMENTS', 100_000);
const RUNS = given('BENCH_RUNS', 40);
const RATE = given('BENCH_RATE', 2_500);
const SECONDS = given('BENCH_SECONDS', 60);
const SERVICES = given('BENCH_SERVICES', 5_000);
const DAYS = 730;
const DAY_MS = 86_400_000;
const END = Date.parse('2026-06-30T00:00:00Z');
const ORGANISATION = { services: SERVICES, teams: 200 };
const MB = 1_048_576;

async function measure(
  name: string,
  db: Knex,
  deployments: number,
  goalMs: number,
): Promise<Figure[]> {
  // What is taken in afterwards goes on for a month, and nothing is counted before its day.
  const metrics = await createMetrics(db, () => new Date(END + 31 * DAY_MS));
  const size: HistorySize = {
    ...{ ...ORGANISATION, deployments },
    ...{ from: END - DAYS * DAY_MS, to: END },
  };
  const events = await bulkLedger(db, deliveryHistory(size));
  say(`${name}: ${events} events are in the ledger.`);
  const figures: Figure[] = [];
  figures.push(...(await measureComputing(name, metrics, events)));
  if (db.client.config.client === 'pg') await db.raw('vacuum analyze');
  const asked = {
    ...{ name, goalMs, team: 'group:default/team-7' },
    range: { from: '2026-04-01', to: '2026-06-29' },
  };
  figures.push(...(await measureReads(metrics, { ...asked, runs: RUNS })));
  const next: HistorySize = {
    ...{ ...ORGANISATION, first: deployments, deployments: 1_000_000 },
    ...{ from: END, to: END + 30 * DAY_MS },
  };
  const ways = [
    { way: 'one service after another', inTurn: true },
    { way: 'all services beside one another', inTurn: false },
  ];
  for (const { way, inTurn } of ways) {
    figures.push(
      ...(await measureIngest(metrics, {
        ...{ name: `${name}, ${way}`, rate: RATE, seconds: SECONDS },
        goal: '≥ 2000',
        history: { ...next, inTurn, first: inTurn ? 10_000_000 : deployments },
      })),
    );
  }
  await metrics.release();
  const backend = await startMetricsBackend({
    ...{ db, port: await freePort() },
    groups: Array.from(
      { length: ORGANISATION.teams },
      (_, team) => `group:default/team-${team}`,
    ).concat(PROBE_TEAM),
  });
  try {
    figures.push(
      ...(await measureHttpReads(metrics, backend, { ...asked, runs: RUNS })),
      ...(await measureIngest(metrics, {
        name: `${name}, by HTTP, one service after another`,
        ...{ rate: RATE, seconds: SECONDS, goal: '≥ 2000', by: backend },
        history: {
          ...{ ...next, inTurn: true, first: 20_000_000 },
          // After all that was told, as it goes on with that.
          ...{ from: next.to, to: next.to + 30 * DAY_MS },
        },
      })),
    );
  } finally {
    await backend.stop();
  }
  return figures;
}

/** Time and memory of computing all that follows from the ledger, where nothing of it is there yet. */
async function measureComputing(
  name: string,
  { work, compute }: Awaited<ReturnType<typeof createMetrics>>,
  events: number,
): Promise<Figure[]> {
  const start = Date.now();
  let most = process.memoryUsage().rss;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 100);
  await work.recompute(new Date().toISOString());
  await compute();
  clearInterval(watch);
  const seconds = (Date.now() - start) / 1000;
  say(`${name}: computed in ${seconds} s.`);
  return [
    { name: `${name}, all computed in`, unit: 's', n: events, value: seconds },
    { name: `${name}, memory meanwhile`, unit: 'MB', n: 1, value: most / MB },
  ];
}

function say(words: string): void {
  process.stderr.write(`${words}\n`);
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
      if (deployments > 0) {
        figures.push(...(await measure(name, db, deployments, goalMs)));
      }
    } finally {
      await db.destroy();
    }
  };
  try {
    const database = `bench_metrics_${Date.now()}`;
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(`create database ${database}`);
    const connection = new URL(url);
    connection.pathname = `/${database}`;
    try {
      await on(
        'PostgreSQL',
        createKnex({ client: 'pg', connection: connection.toString() }),
        DEPLOYMENTS,
        100,
      );
    } finally {
      await admin.query(`drop database ${database} with (force)`);
      await admin.end();
    }
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
