/**
 * "What depends on X?" over four hops on PostgreSQL, permissions on, through HTTP as the portal asks it.
 *
 * BENCH_SIZES=50000 for the size of a whole company (takes long: the catalog has to process everything first).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from 'e2e';
import { Client } from 'pg';
import { CatalogBackend, startCatalogBackend } from './support/catalogBackend';
import {
  createRandom,
  organization,
  providerOfApi,
} from './support/organization';
import { Figure, report } from './support/report';
import { quantile } from './support/statistics';

const SIZES = (process.env.BENCH_SIZES ?? '1000,10000').split(',').map(Number);
const RUNS = Number(process.env.BENCH_RUNS ?? 200);
const GOAL = '≤ 300';
/** How many of the most consumed APIs' providers are asked about apart. */
const POPULAR = 25;

async function main() {
  const postgresUrl = process.env.BENCH_POSTGRES_URL;
  if (!postgresUrl) throw new Error('Run it with: npm run bench -- dependents');
  const figures: Figure[] = [];
  for (const size of SIZES) {
    const entities = organization(size);
    const prefix = `bench_${size}_`;
    // A server that is kept between runs holds them already.
    const isNew = !(await exists(postgresUrl, `${prefix}catalog`));
    const began = performance.now();
    const backend = await startCatalogBackend({
      entities,
      prefix,
      postgresUrl,
      port: await freePort(),
    });
    try {
      await processed(postgresUrl, `${prefix}catalog`, size);
      if (isNew) {
        figures.push({
          name: `${size} entities: catalog processed them in`,
          value: (performance.now() - began) / 1000,
          unit: 's',
          n: 1,
        });
      }
      figures.push(...(await measure(backend, size)));
    } finally {
      await backend.stop();
    }
  }
  const { BENCH_SIZES } = process.env;
  report(BENCH_SIZES ? `dependents-${BENCH_SIZES}` : 'dependents', figures);
  process.exit(0);
}

async function measure(
  backend: CatalogBackend,
  size: number,
): Promise<Figure[]> {
  const random = createRandom(1);
  const components = Math.floor(size * 0.7);
  const targets = {
    random: () => Math.floor(random() * components),
    popular: () => providerOfApi(size, Math.floor(random() * POPULAR)),
  };
  const figures: Figure[] = [];
  for (const [kind, pick] of Object.entries(targets)) {
    for (let i = 0; i < 5; i++) await ask(backend, pick());
    const times: number[] = [];
    const found: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const began = performance.now();
      const count = await ask(backend, pick());
      // One in twenty is hidden from the one who asks; that answer is quick and does not count.
      if (count === undefined) continue;
      times.push(performance.now() - began);
      found.push(count);
    }
    const name = `${size} entities, ${kind} component`;
    figures.push(
      ...[0.5, 0.95].map(q => ({
        name: `${name}: answer p${q * 100}`,
        value: quantile(times, q),
        unit: 'ms',
        goal: q === 0.95 ? GOAL : undefined,
        n: times.length,
      })),
      ...[0.5, 0.95].map(q => ({
        name: `${name}: dependents found p${q * 100}`,
        value: quantile(found, q),
        unit: 'entities',
        n: found.length,
      })),
    );
  }
  return figures;
}

let token: string | undefined;

async function ask(
  backend: CatalogBackend,
  component: number,
): Promise<number | undefined> {
  token ??= await backend.token();
  const response = await fetch(
    `${backend.url}/api/catalog/platform/v1/dependents/component/default/component-${component}?depth=4`,
    { headers: { Authorization: `Bearer ${token}` } },
  );
  if (response.status === 404) return undefined;
  if (response.status === 401) {
    token = undefined;
    return ask(backend, component);
  }
  if (!response.ok) throw new Error(await response.text());
  const answer: { items: unknown[] } = await response.json();
  return answer.items.length;
}

async function exists(url: string, database: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      'select 1 from pg_database where datname = $1',
      [database],
    );
    return rowCount === 1;
  } finally {
    await client.end();
  }
}

/** Waits until every entity has been processed and stitched. */
async function processed(
  url: string,
  database: string,
  size: number,
): Promise<void> {
  const client = new Client({
    connectionString: url.replace(/\/[^/]*$/, `/${database}`),
  });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query(
        'select count(*)::int as n from final_entities where final_entity is not null',
      );
      const queue = await client
        .query(
          'select count(*)::int as n from refresh_state where next_update_at < now() or next_stitch_at is not null',
        )
        .catch(() => ({ rows: [{ n: 0 }] }));
      if (process.stderr.isTTY) {
        process.stderr.write(`\r${rows[0].n} of ${size} in the catalog   `);
      }
      if (rows[0].n >= size && queue.rows[0].n === 0) break;
      await sleep(500);
    }
    await client.query('analyze');
    process.stderr.write('\n');
  } finally {
    await client.end();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
