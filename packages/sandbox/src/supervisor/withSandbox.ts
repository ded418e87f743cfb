import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConnection, settleConnection } from '../connection/settle';
import { Connection } from '../connection/schema';
import { chooseNode } from '../machine/chooseNode';
import { whileLocked } from '../machine/lock';
import { SandboxPaths } from '../machine/paths';
import { definitionsFor } from '../servers';
import { SandboxClient } from './client';
import { cleanLeftovers } from './leftovers';

/** Another process has the sandbox: its supervisor, or one that settles it. */
export class SandboxTakenError extends Error {
  constructor() {
    super('Another supervisor has this sandbox.');
  }
}

/** A killed one's lock goes stale in ten seconds. */
const STALE = 10_000;
const ATTEMPTS = 15;

/**
 * Does something that only one may do with a sandbox at a time.
 *
 * @param work - given a signal that aborts when the sandbox's folder is removed meanwhile
 * @throws SandboxTakenError when a supervisor runs, or somebody else has it for longer than a killed one could
 */
export async function withSandbox<T>(
  paths: SandboxPaths,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  await mkdir(paths.state, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    if (await new SandboxClient(paths).isRunning())
      throw new SandboxTakenError();
    try {
      return await whileLocked(
        paths.state,
        {
          lockfilePath: join(paths.state, 'supervisor.lock'),
          stale: STALE,
          update: 2000,
          lost: `${paths.state} was removed, or taken over, while its sandbox ran, so its servers were ended. Start it anew: platform sandbox start`,
        },
        work,
      );
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (attempt === ATTEMPTS) throw new SandboxTakenError();
    }
    await sleep(1000);
  }
}

/**
 * Settles a sandbox that does not run. What a killed supervisor left is ended before: it holds the ports that others
 * know this sandbox by, and servers of another kind of node know nothing of it.
 */
export async function settleSandbox(
  paths: SandboxPaths,
  asked: Parameters<typeof chooseNode>[0],
): Promise<Connection> {
  const before = await readConnection(paths);
  if (before) {
    await cleanLeftovers(paths, before, definitionsFor(before.node.kind));
  }
  return settleConnection(paths, await chooseNode(asked, paths.state));
}
