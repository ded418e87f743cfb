import { createDeferred } from '@backstage/types';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { NodeKind } from '@highroad/plugin-sandbox-common';
import { readConnection, settleConnection } from '../connection/settle';
import { writeOwnFile } from '../machine/files';
import { chooseNode } from '../machine/chooseNode';
import { SandboxPaths } from '../machine/paths';
import { identify } from '../machine/processes';
import { definitionsFor } from '../servers';
import { SandboxClient } from './client';
import { cleanLeftovers } from './leftovers';
import { startControlServer } from './controlServer';
import { Supervisor } from './Supervisor';

export interface DaemonOptions {
  paths: SandboxPaths;
  /** Which node was asked for; `auto` takes a real one where the machine has what it needs */
  node: 'auto' | 'simulated' | 'real';
  /** Only these servers and what they need */
  only?: string[];
}

/**
 * Runs a sandbox until it is told to stop, by signal or at its address.
 *
 * @throws Error when another supervisor has this sandbox
 */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const { paths } = options;
  const release = await takeSandbox(paths);
  const node = await chooseNode(options.node, paths.state);
  await cleanOtherKind(paths, node.kind);
  const connection = await settleConnection(paths, node);
  const supervisor = new Supervisor({
    paths,
    connection,
    definitions: definitionsFor(node.kind, options.only),
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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      supervisor.stop().then(() => over.resolve(), over.reject);
    });
  }
  await supervisor.start();
  try {
    await over;
  } finally {
    await rm(paths.supervisor, { force: true });
    control.closeAllConnections();
    control.close();
    await release();
  }
}

/** A lock that a killed supervisor leaves goes stale in ten seconds; one that runs says so at once. */
async function takeSandbox(paths: SandboxPaths): Promise<() => Promise<void>> {
  await mkdir(paths.state, { recursive: true });
  const taken = new Error('Another supervisor has this sandbox.');
  if (await new SandboxClient(paths).isRunning()) throw taken;
  return lock(paths.state, {
    lockfilePath: join(paths.state, 'supervisor.lock'),
    stale: 10_000,
    retries: { retries: 15, factor: 1, minTimeout: 1000 },
  }).catch(error => {
    throw error.code === 'ELOCKED' ? taken : error;
  });
}

/** What a killed supervisor with the other kind of node has left is not known to the servers of this one. */
async function cleanOtherKind(
  paths: SandboxPaths,
  kind: NodeKind,
): Promise<void> {
  const before = await readConnection(paths);
  if (!before || before.node.kind === kind) return;
  await cleanLeftovers(paths, before, definitionsFor(before.node.kind));
}
