/**
 * What recording costs a call, how many recorded calls two backends hold together, and how quickly a million records are
 * searched and verified. Everything through HTTP, as callers meet it.
 *
 * The PostgreSQL server of the benches runs without durability; on one that waits for its disk, a recorded call takes
 * two of its commits longer.
 */
import { generateKey } from '@highroad/plugin-audit-backend/testing';
import { freePort } from 'e2e';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureOverhead } from './support/auditOverhead';
import { measureSearch } from './support/auditSearch';
import { measureThroughput } from './support/auditThroughput';
import { Figure, report } from './support/report';

const measures = {
  overhead: measureOverhead,
  throughput: measureThroughput,
  search: measureSearch,
};
const names = ['overhead', 'throughput', 'search'] as const;
/** BENCH_PARTS=overhead,search for some of it only */
const PARTS = names.filter(name =>
  (process.env.BENCH_PARTS?.split(',') ?? names).some(part => part === name),
);

async function main() {
  const postgresUrl = process.env.BENCH_POSTGRES_URL;
  if (!postgresUrl) throw new Error('Run it with: npm run bench -- audit');
  const folder = await mkdtemp(join(tmpdir(), 'highroad-bench-'));
  const context = {
    ...{ folder, postgresUrl, freePort, signingKey: generateKey() },
  };
  try {
    const figures: Figure[] = [];
    for (const part of PARTS) figures.push(...(await measures[part](context)));
    report(
      PARTS.length === names.length ? 'audit' : `audit-${PARTS.join('-')}`,
      figures,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
