/**
 * How long it takes from asking for an environment until it is ready, against `kubectl apply` and `kubectl wait` of the
 * same objects: one at a time, a hundred at once, and beside five hundred idle ones; and from opening a pull request to
 * its first object and to an address that answers with seeded rows.
 *
 * Pairs and crowds are at simulated nodes, in a sandbox of its own (another by BENCH_SIMULATED). With the portal and a
 * real node that `npm start` runs, pairs are measured there too, and pull requests. BENCH_PAIRS, BENCH_REAL_PAIRS,
 * BENCH_AT_ONCE, BENCH_IDLE, BENCH_BESIDE and BENCH_REQUESTS for other numbers; 0 leaves one out.
 */
import { createOperationClient } from '@highroad/plugin-platform-common';
import { environmentOperations } from '@highroad/plugin-environments-common';
import { readConnection, SandboxPaths } from '@highroad/sandbox';
import { TestSandbox } from '@highroad/sandbox/testing';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, promisify } from 'node:util';
import { environmentBackend } from './support/environmentBackend';
import { EnvironmentPairs } from './support/environmentPairs';
import { idleCost } from './support/idleCost';
import { Kubectl, plainKubectl } from './support/plainKubectl';
import { Figure, report } from './support/report';
import { Opened, seededPreviews } from './support/seededPreviews';
import { startedPortal } from './support/startedPortal';
import { quantile } from './support/statistics';

const numberOf = (name: string, usual: number) =>
  Number(process.env[name] ?? usual);
const PAIRS = numberOf('BENCH_PAIRS', 30);
const REAL_PAIRS = numberOf('BENCH_REAL_PAIRS', PAIRS);
const AT_ONCE = numberOf('BENCH_AT_ONCE', 100);
const IDLE = numberOf('BENCH_IDLE', 500);
/** So many pairs are measured beside them, and as many before they were made. */
const BESIDE = numberOf('BENCH_BESIDE', 30);
const REQUESTS = numberOf('BENCH_REQUESTS', 20);
/** So many of the idle ones are made at once. */
const BATCH = 50;
const QUIET_MS = 60_000;

const SANDBOX = resolve(__dirname, '../../packages/sandbox/bin/sandbox');
const run = promisify(execFile);

async function main() {
  const figures = PAIRS + AT_ONCE + IDLE > 0 ? await atSimulatedNodes() : [];
  report('environments', figures);
  if (REQUESTS === 0) return;
  report('environments', [...figures, ...(await atRealNode())]);
}

async function atSimulatedNodes(): Promise<Figure[]> {
  const given = process.env.BENCH_SIMULATED;
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'highroad-envs-')));
  const command = (...args: string[]) =>
    run(process.execPath, [SANDBOX, ...args, '--state', folder]);
  if (!given) await command('start', '--node', 'simulated');
  try {
    const paths = new SandboxPaths(folder);
    const connection = await readConnection(paths);
    if (!connection) throw new Error('The sandbox does not say where it is.');
    return await simulated(new TestSandbox(connection, paths));
  } finally {
    if (!given) {
      await command('stop');
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function simulated(sandbox: TestSandbox): Promise<Figure[]> {
  const backend = await environmentBackend(sandbox);
  const kubectl = await plainKubectl(sandbox);
  const services = [{ name: 'api', image: 'myorg/api:1' }];
  try {
    const pairs = await EnvironmentPairs.create({
      ...{ client: backend.client, kubectl, services },
      owner: 'group:default/platform-team',
    });
    const figures: Figure[] = [];
    if (PAIRS > 0) {
      say(`${PAIRS} pairs`);
      const found = await inTurn(pairs, PAIRS);
      figures.push(...ratios('simulated node', found));
      await pairs.clear();
    }
    if (AT_ONCE > 0) {
      say(`${AT_ONCE} at once`);
      const theirs = await pairs.atOnce(AT_ONCE, 'theirs');
      await pairs.clear();
      const ours = await pairs.atOnce(AT_ONCE, 'ours');
      await pairs.clear();
      const about = { n: AT_ONCE, unit: 's' };
      figures.push(
        { ...about, name: 'many at once', value: ours / 1000 },
        { ...about, name: 'many at once, kubectl', value: theirs / 1000 },
        {
          ...{ name: 'many at once, ratio', unit: '', n: AT_ONCE },
          ...{ value: ours / theirs, goal: '≤ 1.3' },
        },
      );
    }
    if (IDLE > 0) {
      say(`beside ${IDLE} idle ones`);
      figures.push(...(await besideIdle(pairs, kubectl)));
      await pairs.clear();
    }
    return figures;
  } finally {
    await backend.stop();
  }
}

/**
 * A cluster that holds five hundred more is slower for everybody, so kubectl is measured alone and beside them too: what
 * the platform adds is how much more it slows down than that.
 */
async function besideIdle(
  pairs: EnvironmentPairs,
  kubectl: Kubectl,
): Promise<Figure[]> {
  // What was made and ended before is not theirs either.
  await sleep(QUIET_MS);
  const alone = await inTurn(pairs, BESIDE);
  for (let n = 0; n < IDLE; n += BATCH) {
    await pairs.atOnce(Math.min(BATCH, IDLE - n), 'ours');
  }
  // What the cluster itself has left to do about them is not theirs who idle.
  await sleep(QUIET_MS);
  const idle = await idleCost(kubectl, QUIET_MS);
  idle.written.forEach(object => say(`written meanwhile: ${object}`));
  const beside = await inTurn(pairs, BESIDE);
  const where = `beside ${IDLE} idle ones`;
  const median = (name: string, values: number[]) => ({
    ...{ name: `${name}, p50`, unit: 'ms', n: BESIDE },
    value: quantile(values, 0.5),
  });
  const growth = (who: 'ours' | 'theirs') =>
    quantile(beside[who], 0.5) / quantile(alone[who], 0.5);
  const ratio = { unit: '', n: BESIDE };
  return [
    median('alone', alone.ours),
    median('alone, kubectl', alone.theirs),
    median(where, beside.ours),
    median(`${where}, kubectl`, beside.theirs),
    { ...ratio, name: `${where}, ratio`, value: growth('ours') },
    { ...ratio, name: `${where}, kubectl, ratio`, value: growth('theirs') },
    {
      ...{ ...ratio, name: `${where}, ratio of the ratios`, goal: '≤ 1.2' },
      value: growth('ours') / growth('theirs'),
    },
    {
      ...{ name: `${IDLE} idle ones, objects written in a minute`, unit: '' },
      ...{ n: 1, value: idle.written.length, goal: '0' },
    },
    {
      ...{ name: `${IDLE} idle ones, part of a processor`, unit: '%', n: 1 },
      value: idle.cpuPercent,
    },
  ];
}

async function atRealNode(): Promise<Figure[]> {
  const portal = await startedPortal();
  // Without a hyphen, so that its name stands in the address as it is.
  const name = `bench${Date.now().toString(36)}`;
  const previews = await seededPreviews(portal, name);
  say(`${REQUESTS} pull requests`);
  const opened: Opened[] = [];
  for (let n = 0; n < REQUESTS; n++) opened.push(await previews.open(n));
  previews.stop();
  const figures: Figure[] = [];
  if (REAL_PAIRS > 0) {
    say(`${REAL_PAIRS} pairs at the real node`);
    const plain = `${name}-plain`;
    const version = await portal.create(plain, '--database', 'none');
    const image = `${portal.connection.registry.host}/${portal.slugOf(
      plain,
    )}:${version}`;
    const pairs = await EnvironmentPairs.create({
      client: createOperationClient(environmentOperations, portal.fetchApi),
      kubectl: await plainKubectl(portal.sandbox),
      services: [{ name: 'api', image, port: 8080, health: '/readyz' }],
    });
    figures.push(...ratios('real node', await inTurn(pairs, REAL_PAIRS, true)));
  }
  const times = (of: (one: Opened) => number) => opened.map(of);
  const about = { n: REQUESTS, unit: 'ms' };
  return [
    ...figures,
    ...[0.5, 0.95].map(q => ({
      ...about,
      name: `webhook to first object, p${q * 100}`,
      value: quantile(
        times(one => one.object - one.told),
        q,
      ),
      ...(q > 0.5 && { goal: '≤ 1000' }),
    })),
    ...[0.5, 0.95].map(q => ({
      ...about,
      // With the time that the Git host takes before it sends its webhooks.
      name: `pull request is open to first object, p${q * 100}`,
      value: quantile(
        times(one => Math.max(0, one.object - one.answered)),
        q,
      ),
    })),
    ...[0.5, 0.95].map(q => ({
      ...about,
      name: `opening a pull request to first object, p${q * 100}`,
      value: quantile(
        times(one => one.object),
        q,
      ),
    })),
    ...[0.5, 0.95].map(q => ({
      ...about,
      name: `opening a pull request to seeded rows, p${q * 100}`,
      value: quantile(
        times(one => one.rows),
        q,
      ),
    })),
  ];
}

function say(what: string): void {
  process.stderr.write(`${what} …\n`);
}

/** @param clearing - whether each pair is ended before the next: a real node has no room for all */
async function inTurn(
  pairs: EnvironmentPairs,
  count: number,
  clearing = false,
) {
  const found = { ours: [] as number[], theirs: [] as number[] };
  for (let pair = 0; pair < count; pair++) {
    // Who goes first changes, so that neither always has the warmer machine.
    const order = ['ours', 'theirs'] as const;
    for (const who of pair % 2 === 0 ? order : [...order].reverse()) {
      found[who].push(await pairs[who]());
    }
    if (clearing) await pairs.clear();
  }
  return found;
}

function ratios(
  where: string,
  { ours, theirs }: { ours: number[]; theirs: number[] },
): Figure[] {
  const n = ours.length;
  const at = (q: number, goal: string): Figure[] => [
    {
      ...{ name: `${where}, p${q * 100}`, unit: 'ms', n },
      value: quantile(ours, q),
    },
    {
      ...{ name: `${where}, kubectl, p${q * 100}`, unit: 'ms', n },
      value: quantile(theirs, q),
    },
    {
      ...{ name: `${where}, ratio of p${q * 100}`, unit: '', n, goal },
      value: quantile(ours, q) / quantile(theirs, q),
    },
  ];
  return [...at(0.5, '≤ 1.25'), ...at(0.95, '≤ 1.5')];
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${inspect(error)}\n`);
    process.exit(1);
  },
);
