import { join } from 'node:path';
import { startAuditBackend } from './auditBackend';
import { AuditBench } from './auditContext';
import { Figure } from './report';
import { quantile } from './statistics';

const CALLS = Number(process.env.BENCH_CALLS ?? 1000);
const WARM_UP = 200;

/** A recorded call beside the same one without a record, in turns, on SQLite. */
export async function measureOverhead({
  folder,
  freePort,
  signingKey,
}: AuditBench): Promise<Figure[]> {
  const backend = await startAuditBackend({
    port: await freePort(),
    database: {
      client: 'better-sqlite3',
      connection: { directory: join(folder, 'sqlite') },
    },
    audit: { signingKey, directory: join(folder, 'audit') },
  });
  const times: Record<'plain' | 'recorded', number[]> = {
    ...{ plain: [], recorded: [] },
  };
  try {
    const token = await backend.token();
    const call = async (kind: keyof typeof times) => {
      const began = performance.now();
      const response = await fetch(`${backend.url}/api/deeds/${kind}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      if (!response.ok) throw new Error(await response.text());
      await response.arrayBuffer();
      return performance.now() - began;
    };
    for (let n = 0; n < WARM_UP; n++) {
      await call('plain');
      await call('recorded');
    }
    for (let n = 0; n < CALLS; n++) {
      // Either comes first as often as the other.
      const order =
        n % 2
          ? (['plain', 'recorded'] as const)
          : (['recorded', 'plain'] as const);
      for (const kind of order) times[kind].push(await call(kind));
    }
  } finally {
    await backend.stop();
  }
  const at = (kind: keyof typeof times, q: number) => quantile(times[kind], q);
  return [
    {
      name: 'recorded call takes longer than unrecorded, SQLite, p50',
      value: at('recorded', 0.5) - at('plain', 0.5),
      ...{ unit: 'ms', goal: '≤ 2', n: CALLS },
    },
    ...(['plain', 'recorded'] as const).flatMap(kind =>
      [0.5, 0.95].map(
        (q): Figure => ({
          name: `${kind} call, SQLite, p${q * 100}`,
          value: at(kind, q),
          ...{ unit: 'ms', n: CALLS },
        }),
      ),
    ),
  ];
}
