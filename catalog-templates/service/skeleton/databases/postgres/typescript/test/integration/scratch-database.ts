import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface ScratchDatabase {
  url: string;
  query(sql: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** An empty database on the server of DATABASE_URL, so that tests neither see nor leave any data. */
export async function createScratchDatabase(): Promise<ScratchDatabase> {
  const server = process.env.DATABASE_URL;
  if (!server) throw new Error('DATABASE_URL is not set');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(server, `create database ${name}`);

  const url = new URL(server);
  url.pathname = name;
  return {
    url: url.href,
    query: (sql) => run(url.href, sql),
    drop: async () => {
      await run(server, `drop database ${name}`);
    },
  };
}

async function run(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(sql);
    return result.rows;
  } finally {
    await client.end();
  }
}
