/**
 * How long the sandbox takes: to prepare (as recorded when each program was made), to start with everything prepared,
 * and to bring up a Deployment; and how much memory each server takes.
 *
 * Each kind of node that this machine can have is started a few times, on a state of its own that is new the first
 * time and kept after that.
 */
import {
  cacheFolder,
  PAUSE_IMAGE,
  pins,
  ProgramCache,
  readConnection,
  SandboxClient,
  SandboxPaths,
  whatRealNodeLacks,
} from '@highroad/sandbox';
import { TestSandbox } from '@highroad/sandbox/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Figure, report } from './support/report';
import { quantile } from './support/statistics';

const STARTS = Number(process.env.BENCH_STARTS ?? 3);
const DEPLOYMENTS = Number(process.env.BENCH_DEPLOYMENTS ?? 10);
const MB = 1e6;

type NodeKind = 'simulated' | 'real';

async function main() {
  const figures = await preparation();
  const kinds: NodeKind[] = ['simulated'];
  const lacks = await whatRealNodeLacks();
  if (lacks.length === 0) kinds.push('real');
  else {
    process.stdout.write(
      `no real node: ${lacks.map(lack => lack.what).join('; ')}\n`,
    );
  }
  for (const kind of kinds) figures.push(...(await measure(kind)));
  report('sandbox', figures);
}

/** What making each program took when it was made, from the record beside it. */
async function preparation(): Promise<Figure[]> {
  const programs = await new ProgramCache(cacheFolder()).present();
  const figures = programs.map(
    (program): Figure => ({
      name: `prepare ${program.name} ${program.version}, cold`,
      value: program.seconds,
      unit: 's',
      n: 1,
    }),
  );
  if (programs.length === pins.length) {
    figures.push({
      name: 'prepare all programs, cold',
      value: programs.reduce((sum, program) => sum + program.seconds, 0),
      unit: 's',
      n: 1,
    });
  }
  return figures;
}

async function measure(kind: NodeKind): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'highroad-bench-'));
  const client = new SandboxClient(new SandboxPaths(join(folder, 'state')));
  const starts: number[] = [];
  const stops: number[] = [];
  const figures: Figure[] = [];
  try {
    for (let i = 0; i < STARTS; i++) {
      const began = performance.now();
      await client.start([`--node=${kind}`]);
      const status = await client.untilAnswering({ withinMs: 180_000 });
      starts.push((performance.now() - began) / 1000);
      if (i === STARTS - 1) {
        figures.push(...(await deployments(client, kind)));
        const settled = (await client.status()) ?? status;
        figures.push(
          ...settled.servers
            .filter(server => server.memoryBytes)
            .map(
              (server): Figure => ({
                name: `memory of ${server.name}, ${kind} node`,
                value: (server.memoryBytes ?? 0) / MB,
                unit: 'MB',
                n: 1,
              }),
            ),
        );
      }
      const stopping = performance.now();
      await client.stop();
      stops.push((performance.now() - stopping) / 1000);
    }
  } finally {
    await client.reset();
    await rm(folder, { recursive: true, force: true });
  }
  const again = starts.slice(1);
  return [
    {
      name: `first start to all servers answering, ${kind} node`,
      value: starts[0],
      unit: 's',
      goal: '≤ 25',
      n: 1,
    },
    ...(again.length > 0
      ? [
          {
            name: `later start to all servers answering, ${kind} node, p50`,
            value: quantile(again, 0.5),
            unit: 's',
            goal: '≤ 25',
            n: again.length,
          },
        ]
      : []),
    {
      name: `stop, ${kind} node, p50`,
      value: quantile(stops, 0.5),
      unit: 's',
      n: stops.length,
    },
    ...figures,
  ];
}

/** From the request to the condition Available, with an image that the node has. */
async function deployments(
  client: SandboxClient,
  kind: NodeKind,
): Promise<Figure[]> {
  const connection = await readConnection(client.paths);
  const sandbox = new TestSandbox(connection, client.paths);
  const { kubectl } = await sandbox.cluster();
  const image = PAUSE_IMAGE;
  const times: number[] = [];
  try {
    for (let i = 0; i < DEPLOYMENTS; i++) {
      const name = `bench-${i}`;
      const began = performance.now();
      await kubectl([
        'create',
        'deployment',
        name,
        `--image=${image}`,
        '--replicas=3',
      ]);
      await kubectl([
        'wait',
        `deployment/${name}`,
        '--for=condition=Available',
        '--timeout=60s',
      ]);
      times.push((performance.now() - began) / 1000);
      await kubectl(['delete', 'deployment', name, '--wait=false']);
    }
  } finally {
    await sandbox.cleanUp();
  }
  return [0.5, 0.95].map(q => ({
    name: `Deployment of 3 to Available, ${kind} node, p${q * 100}`,
    value: quantile(times, q),
    unit: 's',
    n: times.length,
  }));
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
