import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AuditBench } from './auditContext';
import { Figure } from './report';
import { quantile } from './statistics';

const PER_SECOND = Number(process.env.BENCH_RATE ?? 220);
const GOAL = 200;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const WARM_UP = 100;

const startedSchema = z.object({ url: z.string(), token: z.string() });
type Replica = z.output<typeof startedSchema> & { child: ChildProcess };

/**
 * Recorded calls at a fixed rate to two backends in processes of their own on one PostgreSQL. Calls begin when they are
 * due, whether earlier ones have ended or not, and their time counts from when they were due.
 */
export async function measureThroughput(
  context: AuditBench,
): Promise<Figure[]> {
  const replicas = [
    await startReplica(context, 1),
    await startReplica(context, 2),
  ];
  try {
    for (let n = 0; n < WARM_UP; n++) await call(replicas[n % 2]);
    const total = PER_SECOND * SECONDS;
    const times: number[] = [];
    const failed: unknown[] = [];
    const began = performance.now();
    const calls: Promise<void>[] = [];
    for (let n = 0; n < total; n++) {
      const due = began + (n * 1000) / PER_SECOND;
      const early = due - performance.now();
      if (early > 1) await sleep(early);
      calls.push(
        call(replicas[n % 2]).then(
          () => {
            times.push(performance.now() - due);
          },
          error => {
            failed.push(error);
          },
        ),
      );
    }
    await Promise.all(calls);
    const seconds = (performance.now() - began) / 1000;
    const { sealedAfter, ok, checked } = await sealed(
      replicas,
      total + WARM_UP,
    );
    const n = times.length;
    return [
      {
        name: `recorded calls held by two backends, PostgreSQL, ${SECONDS} s`,
        value: n / seconds,
        ...{ unit: '1/s', goal: `≥ ${Math.min(GOAL, PER_SECOND - 2)}`, n },
      },
      ...[0.5, 0.95, 0.99].map(
        (q): Figure => ({
          name: `recorded call at that rate, p${q * 100}`,
          value: quantile(times, q),
          ...{ unit: 'ms', n },
        }),
      ),
      {
        name: 'calls that failed',
        ...{ value: failed.length, unit: 'calls', goal: '0', n: total },
      },
      {
        name: 'last of these records in the chain after',
        ...{ value: sealedAfter, unit: 's', n: 1 },
      },
      {
        name: 'records of both in one chain that verifies',
        ...{ value: ok ? checked : 0, unit: 'records', n: 1 },
        goal: `≥ ${2 * (total + WARM_UP)}`,
      },
    ];
  } finally {
    for (const { child } of replicas) child.stdin?.end();
    await Promise.all(
      replicas.map(
        ({ child }) => new Promise(done => child.once('exit', done)),
      ),
    );
  }
}

async function startReplica(
  { folder, freePort, postgresUrl, signingKey }: AuditBench,
  number: number,
): Promise<Replica> {
  const settings = {
    port: await freePort(),
    database: {
      ...{ client: 'pg', connection: postgresUrl, prefix: 'bench_audit_' },
    },
    audit: { signingKey, directory: join(folder, `replica-${number}`) },
  };
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      join(__dirname, 'auditReplica.ts'),
      JSON.stringify(settings),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], env: process.env },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) {
      return { ...startedSchema.parse(JSON.parse(line)), child };
    }
  }
  throw new Error(`Backend ${number} did not start.`);
}

async function call({ url, token }: Replica): Promise<void> {
  const response = await fetch(`${url}/api/deeds/recorded`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
}

const chainSchema = z.object({
  head: z.object({ seq: z.number() }).optional(),
  unsealed: z.object({ count: z.number() }),
});
const verdictSchema = z.object({ ok: z.boolean(), checked: z.number() });

/** Waits until everything has its place, and verifies all of it. */
async function sealed([replica]: Replica[], calls: number) {
  const headers = {
    Authorization: `Bearer ${replica.token}`,
    'Content-Type': 'application/json',
  };
  const began = performance.now();
  for (;;) {
    const answer = await fetch(`${replica.url}/api/audit/v1/chain`, {
      headers,
    });
    const { head, unsealed } = chainSchema.parse(await answer.json());
    if (unsealed.count === 0 && (head?.seq ?? 0) >= 2 * calls) break;
    if (performance.now() - began > 60_000) {
      throw new Error('The records did not get into the chain in a minute.');
    }
    await sleep(20);
  }
  const sealedAfter = (performance.now() - began) / 1000;
  const answer = await fetch(`${replica.url}/api/audit/v1/verify`, {
    ...{ method: 'POST', headers, body: '{}' },
  });
  return { sealedAfter, ...verdictSchema.parse(await answer.json()) };
}
