/**
 * From the form's submission, and from the command, to an entity that is in the catalog.
 *
 * Both run against one portal as `npm start` makes it, in turns, each creation another service.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunningPortal, startPortal } from 'e2e';
import { quantile } from './support/statistics';
import { Figure, report } from './support/report';

const RUNS = Number(process.env.BENCH_RUNS ?? 20);
const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

async function main() {
  const portal = await startPortal();
  const times: Record<'form' | 'command', number[]> = { form: [], command: [] };
  try {
    // The first creation of a portal loads what later ones find in memory.
    await byForm(portal, 'bench-warm-up');
    for (let i = 0; i < RUNS; i++) {
      times.form.push(await timed(() => byForm(portal, `bench-form-${i}`)));
      times.command.push(
        await timed(() => byCommand(portal, `bench-command-${i}`)),
      );
    }
  } finally {
    await portal.stop();
  }
  report(
    'create',
    Object.entries(times).flatMap(([door, values]): Figure[] =>
      [0.5, 0.95].map(q => ({
        name: `${door} to registered entity, p${q * 100}`,
        value: quantile(values, q),
        unit: 's',
        n: values.length,
      })),
    ),
  );
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** The requests that the form makes, as fast as a browser could. */
async function byForm(portal: RunningPortal, name: string): Promise<void> {
  const token = await guestToken(portal);
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
  };
  const started = await fetch(`${portal.backendUrl}/api/scaffolder/v2/tasks`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      templateRef: 'template:default/service',
      values: {
        name,
        owner: 'group:default/payments-team',
        type: 'api',
        language: 'go',
        database: 'postgres',
      },
    }),
  });
  if (!started.ok) throw new Error(await started.text());
  const { id }: { id: string } = await started.json();
  for (;;) {
    const response = await fetch(
      `${portal.backendUrl}/api/scaffolder/v2/tasks/${id}`,
      { headers },
    );
    const { status }: { status: string } = await response.json();
    if (status === 'completed') break;
    if (status === 'failed') throw new Error(`${name} failed`);
    await new Promise(done => setTimeout(done, 50));
  }
  const entity = await fetch(
    `${portal.backendUrl}/api/catalog/entities/by-name/component/default/${name}`,
    { headers },
  );
  if (!entity.ok) throw new Error(`${name} is not in the catalog`);
}

async function byCommand(portal: RunningPortal, name: string): Promise<void> {
  await run(
    join(ROOT, 'packages/platform-cli/bin/platform'),
    [
      ...['service', 'create', name, '--type', 'api', '--language', 'go'],
      ...['--database', 'postgres', '--json'],
    ],
    {
      env: {
        ...process.env,
        PLATFORM_URL: portal.backendUrl,
        PLATFORM_TOKEN: await guestToken(portal),
      },
    },
  );
}

async function guestToken(portal: RunningPortal): Promise<string> {
  const response = await fetch(`${portal.backendUrl}/api/auth/guest/refresh`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const body: { backstageIdentity: { token: string } } = await response.json();
  return body.backstageIdentity.token;
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
