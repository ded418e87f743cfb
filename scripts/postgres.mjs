// A PostgreSQL server for tests, in the foreground until it is signalled:
//   node scripts/postgres.mjs [--data DIR] [--port N]      prints {"url": …, "port": …} when it takes connections
import { parseArgs } from 'node:util';
import { runMain } from './lib/failure.mjs';
import { startPostgres } from './lib/postgres.mjs';

await runMain(async () => {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, port: { type: 'string' } },
  });
  const server = await startPostgres({
    data: values.data,
    port: values.port && Number(values.port),
  });
  process.stdout.write(
    `${JSON.stringify({ url: server.url, port: server.port })}\n`,
  );
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => server.stop().then(() => process.exit(0)));
  }
});
