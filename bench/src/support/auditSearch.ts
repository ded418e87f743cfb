import {
  generateRecords,
  LedgerKeys,
} from '@highroad/plugin-audit-backend/testing';
import { Client } from 'pg';
import { z } from 'zod';
import { AuditBackend, Sight, startAuditBackend } from './auditBackend';
import { AuditBench } from './auditContext';
import { createRandom } from './organization';
import { Figure } from './report';
import { quantile } from './statistics';

const RECORDS = Number(process.env.BENCH_RECORDS ?? 1_000_000);
const RUNS = Number(process.env.BENCH_RUNS ?? 40);
const PREFIX = 'bench_search_';
const SIZE = {
  ...{ services: 5_000, people: 500, days: 365 },
  end: new Date('2026-05-01T00:00:00.000Z'),
};
/** How many services the owner who searches has. */
const OWNED = 40;
const BATCH = 2_000;

const pageSchema = z.object({ items: z.array(z.object({ seq: z.number() })) });
const verdictSchema = z.object({
  ...{ ok: z.boolean(), checked: z.number(), tookMs: z.number() },
});

/** Searches of many kinds over a year of records, as an auditor and as an owner, and verifying all of them. */
export async function measureSearch(context: AuditBench): Promise<Figure[]> {
  const random = createRandom(7);
  const sight: Sight = { current: 'all' };
  const start = async () =>
    startAuditBackend({
      port: await context.freePort(),
      database: {
        ...{ client: 'pg', connection: context.postgresUrl, prefix: PREFIX },
      },
      audit: {
        signingKey: context.signingKey,
        directory: `${context.folder}/search`,
      },
      owned: Array.from(
        { length: OWNED },
        (_, n) => `service-${n * Math.floor(SIZE.services / OWNED)}`,
      ),
      sight,
    });
  // The first start makes the tables.
  await (await start()).stop();
  await fill(context, random);
  const backend = await start();
  try {
    const token = await backend.token();
    return [
      ...(await searches(backend, token, random, sight)),
      ...(await verifying(backend, token)),
    ];
  } finally {
    await backend.stop();
  }
}

async function fill(
  { postgresUrl, signingKey }: AuditBench,
  random: () => number,
): Promise<void> {
  const client = new Client({
    connectionString: postgresUrl.replace(/\/[^/]*$/, `/${PREFIX}audit`),
  });
  await client.connect();
  try {
    const chain = 'c'.repeat(64);
    let rows: object[] = [];
    let further: object[] = [];
    const flush = async () => {
      await client.query(
        'insert into records select * from json_populate_recordset(null::records, $1)',
        [JSON.stringify(rows)],
      );
      await client.query(
        'insert into record_environments select * from json_populate_recordset(null::record_environments, $1)',
        [JSON.stringify(further)],
      );
      rows = [];
      further = [];
    };
    let last = { seq: 0, hash: chain };
    const records = generateRecords({
      ...{ count: RECORDS, chain, random, size: SIZE },
      keys: LedgerKeys.fromPem(signingKey),
    });
    await client.query(
      'truncate records, record_environments, chain, checkpoints, open_intents',
    );
    for (const { row, environments, checkpoint } of records) {
      rows.push(row);
      for (const environment of environments) {
        further.push({ seq: row.seq, environment });
      }
      last = { seq: row.seq, hash: row.hash };
      if (rows.length === BATCH) await flush();
      if (!checkpoint) continue;
      const { seq, hash, at, keyId, signature } = checkpoint;
      await client.query(
        'insert into checkpoints (seq, chain, hash, at, key_id, signature) values ($1, $2, $3, $4, $5, $6)',
        [seq, chain, hash, at, keyId, signature],
      );
      if (seq % 100_000 === 0) {
        process.stderr.write(`\r${seq} of ${RECORDS} records   `);
      }
    }
    await flush();
    await client.query(
      `insert into open_intents select id, seq from records intent
       where phase = 'intent' and not exists (select 1 from records where intent_id = intent.id)`,
    );
    await client.query(
      'insert into chain (one, chain, head_seq, head_hash, started_at) values (1, $1, $2, $3, $4)',
      [chain, last.seq, last.hash, SIZE.end.toISOString()],
    );
    await client.query('vacuum analyze');
    process.stderr.write('\n');
  } finally {
    await client.end();
  }
}

/** Queries as people make them: each gives another one each time. */
function queries(random: () => number): Record<string, () => string> {
  const some = (most: number) => Math.floor(random() ** 2 * most);
  const day = (from: number, days: number) => {
    const since = SIZE.end.getTime() - from * 86_400_000;
    return `since=${new Date(since).toISOString()}&until=${new Date(
      since + days * 86_400_000,
    ).toISOString()}`;
  };
  const service = () => `service=component:default/service-${some(5_000)}`;
  const actor = () => `actor=user:default/person-${some(500)}`;
  return {
    newest: () => '',
    'of a service': service,
    'of a person': actor,
    'in production': () => 'environment=production',
    'in what is often one of several': () => 'environment=staging',
    'in what is seldom the only one, of a service': () =>
      `environment=preview-2&${service()}`,
    'by event': () => 'event=secrets.reveal',
    'by door': () => 'door=cli',
    refused: () => 'outcome=refused',
    'not ended': () => 'outcome=open',
    'of a day': () => day(1 + Math.floor(random() * 364), 1),
    'of a month, of a service': () =>
      `${day(30 + Math.floor(random() * 330), 30)}&${service()}`,
    'a person with a service in production': () =>
      `${actor()}&${service()}&environment=production`,
    'failed, of a person, before a time': () =>
      `outcome=failed&${actor()}&${day(365, 60 + random() * 300)}`,
    'far back in the pages': () =>
      `before=${1 + Math.floor(random() * RECORDS)}&door=portal`,
    'nothing found': () => 'correlation=none',
  };
}

async function searches(
  backend: AuditBackend,
  token: string,
  random: () => number,
  sight: Sight,
): Promise<Figure[]> {
  const all: Record<Sight['current'], number[]> = { all: [], owned: [] };
  const slowest: Array<{ name: string; value: number }> = [];
  for (const who of ['all', 'owned'] as const) {
    sight.current = who;
    for (const [name, query] of Object.entries(queries(random))) {
      const times: number[] = [];
      for (let n = 0; n < RUNS; n++) {
        const began = performance.now();
        const response = await fetch(
          `${backend.url}/api/audit/v1/records?${query()}`,
          { headers: { Authorization: `Bearer ${token}` } },
        );
        pageSchema.parse(await response.json());
        times.push(performance.now() - began);
      }
      all[who].push(...times);
      slowest.push({
        name: `${name}, ${who === 'all' ? 'auditor' : 'owner'}`,
        value: quantile(times, 0.95),
      });
    }
  }
  slowest.sort((a, b) => b.value - a.value);
  const both = [...all.all, ...all.owned];
  return [
    {
      name: `search over ${RECORDS} records, PostgreSQL, all kinds, p95`,
      value: quantile(both, 0.95),
      ...{ unit: 'ms', goal: '≤ 200', n: both.length },
    },
    {
      name: 'search, all kinds, p50',
      value: quantile(both, 0.5),
      ...{ unit: 'ms', n: both.length },
    },
    ...slowest.slice(0, 5).map(
      ({ name, value }): Figure => ({
        name: `slow kind of search: ${name}, p95`,
        ...{ value, unit: 'ms', n: RUNS },
      }),
    ),
  ];
}

async function verifying(
  backend: AuditBackend,
  token: string,
): Promise<Figure[]> {
  const response = await fetch(`${backend.url}/api/audit/v1/verify`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: '{}',
  });
  const { ok, checked, tookMs } = verdictSchema.parse(await response.json());
  if (!ok) throw new Error('The records do not verify.');
  return [
    {
      name: 'records verified per second',
      value: (checked / tookMs) * 1000,
      ...{ unit: '1/s', n: checked },
    },
  ];
}
