/**
 * How long it takes to set a secret until the cluster has it, against writing to Vault and `kubectl apply` of a Secret; and
 * whether anybody is locked out while the credentials of a database are rotated under load.
 *
 * Takes the portal and the sandbox with a real node that `npm start` runs. Makes a service of its own and leaves it there.
 */
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { createOperationClient } from '@highroad/plugin-platform-common';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { isError } from '@backstage/errors';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { loadPod } from './support/loadPod';
import { Figure, report } from './support/report';
import { startedPortal } from './support/startedPortal';
import { quantile } from './support/statistics';

const PAIRS = Number(process.env.BENCH_PAIRS ?? 30);
const ROTATIONS = Number(process.env.BENCH_ROTATIONS ?? 20);
/** New connections a second, each with a login of its own */
const CONNECTIONS = 50;
const KEY = 'BENCH_KEY';
const ENVIRONMENT = 'staging';

const rootSchema = z.object({ rootToken: z.string() });
const secretSchema = z.object({ data: z.record(z.string()) });
const sessionsSchema = z.object({ sessions: z.coerce.number() });

async function main() {
  const portal = await startedPortal();
  const { sandbox, connection } = portal;
  const deployments = createOperationClient(
    deploymentOperations,
    portal.fetchApi,
  );
  const secrets = createOperationClient(secretOperations, portal.fetchApi);
  const name = `bench-${Date.now().toString(36)}`;
  const service = `component:default/${name}`;
  const namespace = `${name}-${ENVIRONMENT}`;
  const place = { service, environment: ENVIRONMENT };
  const { kubectl } = await sandbox.cluster();
  const there = `--namespace=${namespace}`;
  const valueIn = async (key: string) => {
    const text = await kubectl([
      ...['get', 'secret', name, there, '--output=json'],
    ]);
    const { data } = secretSchema.parse(JSON.parse(text));
    return Buffer.from(data[key] ?? '', 'base64').toString();
  };

  const version = await portal.create(name, '--database', 'postgres');
  let { deployment } = await deployments.deploy({ ...place, version });
  while (!['succeeded', 'failed'].includes(deployment.state)) {
    ({ deployment } = await deployments.get({
      ...{ id: deployment.id, after: deployment.revision },
    }));
  }
  if (deployment.state !== 'succeeded') throw new Error(deployment.summary);
  const figures: Figure[] = [
    ...(await compare()),
    ...(ROTATIONS > 0 ? await rotate() : []),
  ];
  report('secrets', figures);
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);

  async function compare(): Promise<Figure[]> {
    const { rootToken } = rootSchema.parse(
      JSON.parse(await readFile(connection.vault.rootFile, 'utf8')),
    );
    const raw = async (value: string) => {
      const began = performance.now();
      const { address } = connection.vault;
      const written = await fetch(`${address}/v1/secret/data/_bench/${name}`, {
        method: 'POST',
        headers: { 'X-Vault-Token': rootToken },
        body: JSON.stringify({ data: { value } }),
      });
      if (!written.ok) throw new Error(`Vault answered ${written.status}`);
      await kubectl(
        ['apply', there, '-f', '-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'raw' } },
          data: { [KEY]: Buffer.from(value).toString('base64') },
        }),
      );
      return performance.now() - began;
    };
    const ours = async (value: string) => {
      const began = performance.now();
      const { sync } = await secrets.set({ ...place, key: KEY, value });
      const ms = performance.now() - began;
      if (sync[0]?.state !== 'synced' || (await valueIn(KEY)) !== value) {
        throw new Error(`Not there when it was said: ${sync[0]?.message}`);
      }
      return ms;
    };
    const [byUs, byHand]: number[][] = [[], []];
    for (let pair = 0; pair < PAIRS; pair++) {
      const value = randomBytes(16).toString('hex');
      // Who goes first changes, so that neither always has the warmer machine.
      for (const first of pair % 2 === 0 ? [true, false] : [false, true]) {
        if (first) byUs.push(await ours(value));
        else byHand.push(await raw(value));
      }
    }
    const about = { n: PAIRS, unit: 'ms' };
    return [
      { ...about, name: 'set to the cluster, p50', value: quantile(byUs, 0.5) },
      {
        ...about,
        name: 'set to the cluster, p95',
        value: quantile(byUs, 0.95),
      },
      {
        ...about,
        name: 'Vault write + kubectl apply, p50',
        value: quantile(byHand, 0.5),
      },
      {
        ...{ name: 'ratio of the medians', unit: '', n: PAIRS },
        ...{ value: quantile(byUs, 0.5) / quantile(byHand, 0.5) },
        goal: '≤ 1.5',
      },
    ];
  }

  async function rotate(): Promise<Figure[]> {
    const key = 'DATABASE_URL';
    const first = new URL(await valueIn(key));
    await portal.prepareImage('postgres:17.6');
    await kubectl(
      ['apply', there, '-f', '-'],
      JSON.stringify(
        loadPod({
          image: `${connection.registry.host}/library/postgres:17.6`,
          connections: CONNECTIONS,
          secret: name,
        }),
      ),
    );
    await kubectl([...['rollout', 'status', 'deployment/load'], there]);
    await secrets.setRotation({
      ...{ ...place, key, everyDays: 30, generator: 'postgres' },
      overlapHours: 0,
    });
    const before = await sessions(first.pathname.slice(1));
    const failedBefore = await failedLogins(first.username);
    const waits: number[] = [];
    for (let n = 0; n < ROTATIONS; n++) {
      const began = performance.now();
      for (;;) {
        try {
          await secrets.rotate({ ...place, key });
          break;
        } catch (error) {
          // The credentials before still work, since not every program has the new ones.
          if (!isConflict(error)) throw error;
          await sleep(1000);
        }
      }
      waits.push((performance.now() - began) / 1000);
    }
    await kubectl([...['rollout', 'status', 'deployment/load'], there]);
    const made = (await sessions(first.pathname.slice(1))) - before;
    const failed = (await failedLogins(first.username)) - failedBefore;
    // The control: a login that has to fail is counted.
    const over = new URL(connection.postgres.url);
    over.pathname = first.pathname;
    over.username = first.username;
    over.password = first.password;
    await logInInVain(over.toString());
    if ((await failedLogins(first.username)) <= failedBefore + failed) {
      throw new Error('Logins that fail are not seen, so none proves nothing.');
    }
    const about = { n: ROTATIONS, unit: '' };
    return [
      { ...about, name: 'rotations under load', value: ROTATIONS },
      { ...about, name: 'logins meanwhile', value: made },
      { ...about, name: 'failed logins', value: failed, goal: '0' },
      {
        ...{ n: ROTATIONS, unit: 's', value: quantile(waits, 0.5) },
        name: 'until it may be rotated again, p50',
      },
    ];
  }

  async function logInInVain(address: string): Promise<void> {
    const client = new Client({ connectionString: address });
    const outcome = await client.connect().then(
      () => 'in',
      () => 'out',
    );
    await client.end();
    if (outcome === 'in') throw new Error('The first credentials still work.');
  }

  async function sessions(database: string): Promise<number> {
    const client = new Client({ connectionString: connection.postgres.url });
    await client.connect();
    try {
      const { rows } = await client.query<object>(
        'SELECT sessions FROM pg_stat_database WHERE datname = $1',
        [database],
      );
      return sessionsSchema.parse(rows[0]).sessions;
    } finally {
      await client.end();
    }
  }

  /** Of a role and those that take turns with it, as the server's own log has it. */
  async function failedLogins(role: string): Promise<number> {
    const log = await readFile(sandbox.paths.log('postgres'), 'utf8');
    return log
      .split('\n')
      .filter(
        line =>
          line.includes('FATAL') &&
          line.includes(role) &&
          /authentication failed|not permitted to log in/.test(line),
      ).length;
  }
}

function isConflict(error: unknown): boolean {
  return isError(error) && error.statusCode === 409;
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
