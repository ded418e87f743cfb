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
import { report } from './support/report';

async function main() {
  const postgresUrl = process.env.BENCH_POSTGRES_URL;
  if (!postgresUrl) throw new Error('Run it with: npm run bench -- audit');
  const folder = await mkdtemp(join(tmpdir(), 'highroad-bench-'));
  const context = {
    ...{ folder, postgresUrl, freePort, signingKey: generateKey() },
  };
  try {
    report('audit', [
      ...(await measureOverhead(context)),
      ...(await measureThroughput(context)),
      ...(await measureSearch(context)),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
