import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rm } from 'node:fs/promises';
import { readConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { Builder } from './Builder';
import { BuildStore } from './BuildStore';
import { startBuilderServer } from './builderServer';
import { findMissed } from './findMissed';

/** How often all heads are looked at for what no delivery told, in milliseconds */
const LOOK_EVERY = 5 * 60_000;

/**
 * Runs the builder of a sandbox until it is told to stop by a signal.
 *
 * @param options.portal - address of the portal, where logs can be seen
 * @throws Error when the sandbox has not been settled, or the builder's port is taken
 */
export async function runBuilder(options: {
  paths: SandboxPaths;
  portal: string;
}): Promise<void> {
  const { paths, portal } = options;
  const connection = await readConnection(paths);
  if (!connection)
    throw new Error(`No sandbox has been settled in ${paths.state}`);
  const stop = new AbortController();
  const { signal } = stop;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => stop.abort());
  // Checkouts of a builder that was killed.
  await rm(paths.data('builder', 'work'), { recursive: true, force: true });
  const store = await BuildStore.open(join(paths.state, 'builds'));
  const builder = new Builder({ paths, connection, store, portal, signal });
  const server = await startBuilderServer({
    port: connection.ports.builder,
    webhookSecret: connection.gitea.webhookSecret,
    ask: request => builder.ask(request),
  });
  const look = async () => {
    while (!signal.aborted) {
      try {
        const { requests, untold } = await findMissed(
          connection.gitea,
          store.all(),
        );
        for (const request of requests) await builder.ask(request);
        for (const build of untold) builder.tell(build);
      } catch (error) {
        process.stderr.write(`Looking for missed heads: ${error}\n`);
      }
      await sleep(LOOK_EVERY, undefined, { signal }).catch(() => {});
    }
  };
  try {
    await Promise.all([builder.run(), look()]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
