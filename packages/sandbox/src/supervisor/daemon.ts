import { createDeferred } from '@backstage/types';
import { NodeKind } from '@highroad/plugin-sandbox-common';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { writeOwnFile } from '../machine/files';
import { MARKER } from '../machine/marked';
import { SandboxPaths } from '../machine/paths';
import { identify } from '../machine/processes';
import { messageOf } from '../machine/words';
import { ServerDefinition } from '../servers/Server';
import { startControlServer } from './controlServer';
import { Journal } from './Journal';
import { Supervisor } from './Supervisor';
import { settleSandbox, withSandbox } from './withSandbox';

export interface DaemonOptions {
  paths: SandboxPaths;
  /** Which node was asked for; `auto` takes a real one where the machine has what it needs */
  node: 'auto' | 'simulated' | 'real';
  /** The servers to run on a node of that kind */
  definitions: (node: NodeKind) => ServerDefinition[];
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What the supervisor itself is called in the journal. */
const SUPERVISOR = 'supervisor';

/**
 * Runs a sandbox until it is told to stop, by signal or at its address.
 *
 * @throws Error when another supervisor has this sandbox, or when its folder is removed while it runs
 */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  await withSandbox(options.paths, lost => supervise(options, lost));
}

async function supervise(
  { paths, node, definitions }: DaemonOptions,
  lost: AbortSignal,
): Promise<void> {
  const connection = await settleSandbox(paths, node);
  const journal = new Journal(paths.journal);
  // What this process starts to prepare things ends with the servers, should this one be killed.
  const marker = randomUUID();
  journal.starting(SUPERVISOR, marker);
  process.env[MARKER] = marker;
  const supervisor = new Supervisor({
    paths,
    connection,
    definitions: definitions(connection.node.kind),
    journal,
  });
  const over = createDeferred();
  const control = await startControlServer({
    supervisor,
    connection,
    onStopped: error => (error ? over.reject(error) : over.resolve()),
  });
  await writeOwnFile(
    paths.supervisor,
    JSON.stringify({
      ...identify(process.pid),
      address: `http://127.0.0.1:${connection.ports.supervisor}`,
    }),
  );
  const stop = () => {
    supervisor.stop().then(() => over.resolve(), over.reject);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  lost.addEventListener('abort', () => {
    supervisor
      .stop()
      // What it could not take away may have been removed with the folder.
      .catch(error => process.stderr.write(`${messageOf(error)}\n`))
      .finally(() => over.reject(lost.reason));
  });
  lost.throwIfAborted();
  supervisor.start();
  try {
    await over;
    journal.ended(SUPERVISOR);
  } finally {
    await rm(paths.supervisor, { force: true });
    control.closeAllConnections();
    control.close();
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
