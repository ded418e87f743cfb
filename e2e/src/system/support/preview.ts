import { TestSandbox } from '@highroad/sandbox/testing';
import { Client } from 'pg';
import { until } from '../../support/until';
import { throughIngress } from './throughIngress';

const SECOND = 1000;

export const SEED = 'fixtures/demo-data.sql';

/** As pg_dump writes it, with two rows. */
export const DUMP = `SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.demo (
    id integer NOT NULL,
    name text
);

COPY public.demo (id, name) FROM stdin;
1\tone; with a semicolon
2\ttwo
\\.

ALTER TABLE ONLY public.demo
    ADD CONSTRAINT demo_pkey PRIMARY KEY (id);
`;

/** What the rows of the seed say. */
export const SEEDED = ['one; with a semicolon', 'two'];

/** Where an environment's database is, as its services are told. */
export async function databaseOf(
  sandbox: TestSandbox,
  namespace: string,
): Promise<URL> {
  const { kubectl } = await sandbox.cluster();
  const encoded = await kubectl([
    ...['get', 'secret', 'database-main', `--namespace=${namespace}`],
    '--output=jsonpath={.data.DATABASE_URL}',
  ]);
  return new URL(Buffer.from(encoded, 'base64').toString());
}

/** Runs a statement as the environment's own role. */
export async function query<T extends object>(
  database: URL,
  statement: string,
): Promise<T[]> {
  const client = new Client({ connectionString: database.toString() });
  await client.connect();
  try {
    return (await client.query<T>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** What the rows of the seed's table say now. */
export async function seededRows(database: URL): Promise<string[]> {
  const rows = await query<{ name: string }>(
    database,
    'SELECT name FROM public.demo ORDER BY id',
  );
  return rows.map(({ name }) => name);
}

/**
 * Waits for an answer at an environment's address. The ingress looks for changes once in a second.
 *
 * @param address - as the platform tells it
 */
export async function untilAnswering(
  { connection }: TestSandbox,
  address: string,
  fits: (status: number) => boolean,
): Promise<void> {
  const { ingress } = connection;
  const { hostname } = new URL(address);
  await until(
    async () => {
      const { status } = await throughIngress(
        ingress,
        hostname.replace(`.${ingress.domain}`, ''),
        '/readyz',
      );
      return fits(status);
    },
    120 * SECOND,
    () => `${address} does not answer as it should.`,
    SECOND,
  );
}
