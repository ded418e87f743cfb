import { NodeKind } from '@highroad/plugin-sandbox-common';
import { Command, Option } from 'commander';
import { addBuildCommands } from './builder/commands';
import { packCache } from './cache/packCache';
import { restoreCache, restoreFromEnvironment } from './cache/restoreCache';
import { connectCluster } from './connection/connectCluster';
import { Connection } from './connection/schema';
import { readConnection } from './connection/settle';
import { cacheFolder, SandboxPaths } from './machine/paths';
import { installRealNode, whatRealNodeLacks } from './real-node/check';
import { definitionsFor } from './servers';
import { SandboxClient } from './supervisor/client';
import { runDaemon } from './supervisor/daemon';
import {
  SandboxTakenError,
  settleSandbox,
  withSandbox,
} from './supervisor/withSandbox';
import { missingPrograms } from './upstream/missing';
import { dropGoCaches } from './upstream/goModule';
import { prepareProgram } from './upstream/prepare';
import { pinOf, pins } from './upstream/programs';

/**
 * What `npm start`, the `platform` command and the supervisor itself run in a process of its own. For people there is
 * `platform sandbox`.
 *
 * @returns the exit code
 */
export async function main(args: string[]): Promise<number> {
  const program = new Command('sandbox').enablePositionalOptions();
  const state = () => new Option('--state <folder>').makeOptionMandatory();
  const node = () =>
    new Option('--node <kind>')
      .choices(['auto', 'simulated', 'real'] as const)
      .default('auto' as const);

  program
    .command('settle')
    .description(
      'settle addresses and credentials, and write the files that others connect with',
    )
    .addOption(state())
    .addOption(node())
    .action(async options => {
      const paths = new SandboxPaths(options.state);
      const connection = await settled(paths, options.node);
      say(
        JSON.stringify({
          connection: paths.connection,
          portalConfig: paths.portalConfig,
          node: connection.node,
        }),
      );
    });
  program
    .command('connect-cluster')
    .description(
      'keep an address open that leads to the cluster of a kubeconfig, and write the portal’s configuration for it',
    )
    .requiredOption('--kubeconfig <file>')
    .option('--context <name>')
    .requiredOption('--config <file>')
    .action(async options => {
      const { name, version, close } = await connectCluster(options);
      say(JSON.stringify({ name, version }));
      await new Promise<void>(resolve => {
        // It must not outlive the one that started it, not even one that was killed: then its input ends.
        process.stdin.resume();
        process.stdin.once('end', resolve);
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
          process.once(signal, () => resolve());
        }
      });
      await close();
    });
  program
    .command('supervise')
    .description('run a sandbox until it is told to stop')
    .addOption(state())
    .addOption(node())
    .addOption(new Option('--only <servers...>'))
    .action(async options => {
      await runDaemon({
        paths: new SandboxPaths(options.state),
        node: options.node,
        definitions: kind => definitionsFor(kind, options.only),
      });
    });
  program
    .command('start')
    .description(
      'start a supervisor that goes on by itself, and wait until all servers answer',
    )
    .addOption(state())
    .addOption(node())
    .addOption(new Option('--only <servers...>'))
    .addOption(new Option('--within <seconds>').default('180'))
    .action(async options => {
      const client = new SandboxClient(new SandboxPaths(options.state));
      await client.start([
        `--node=${options.node}`,
        ...(options.only ? ['--only', ...options.only] : []),
      ]);
      const status = await client.untilAnswering({
        withinMs: Number(options.within) * 1000,
      });
      say(
        `${status.servers.length} servers answer after ${status.tookSeconds} s, on a ${status.node.kind} node`,
      );
    });
  program
    .command('stop')
    .addOption(state())
    .action(async options => {
      say(await new SandboxClient(new SandboxPaths(options.state)).stop());
    });
  program
    .command('reset')
    .description('stop it and throw away its state')
    .addOption(state())
    .action(async options => {
      await new SandboxClient(new SandboxPaths(options.state)).reset();
    });
  program
    .command('prepare')
    .description('put programs into the cache')
    .argument('[names...]')
    .option(
      '--check',
      'only say, as JSON, what is missing and how long it takes to make',
    )
    .action((names: string[], options) =>
      options.check ? check() : prepare(names),
    );
  program
    .command('install-real-node')
    .description('install the packages that a real node lacks, without asking')
    .action(async () => {
      const lacks = await installRealNode(say);
      if (lacks.length > 0)
        throw new Error(
          `A real node still lacks ${lacks.map(lack => lack.what).join('; ')}`,
        );
    });
  program
    .command('pack')
    .argument('<file>')
    .action(async (file: string) => {
      const { entries, bytes } = await packCache(cacheFolder(), file);
      say(`${entries} entries, ${Math.round(bytes / 1e6)} MB`);
    });
  program
    .command('restore')
    .argument('<file>')
    .action(async (file: string) => {
      const { restored, present } = await restoreCache(cacheFolder(), file);
      say(`${restored.length} restored, ${present.length} were there`);
    });
  addBuildCommands(program, say);
  await program.parseAsync(args, { from: 'user' });
  return 0;
}

/** One that runs keeps its addresses: they are in use, by itself. */
async function settled(
  paths: SandboxPaths,
  node: 'auto' | NodeKind,
): Promise<Connection> {
  try {
    return await withSandbox(paths, () => settleSandbox(paths, node));
  } catch (error) {
    const running =
      error instanceof SandboxTakenError && (await readConnection(paths));
    if (!running) throw error;
    if (node === 'auto' || node === running.node.kind) return running;
    throw new Error(
      `This sandbox runs with a ${running.node.kind} node. Stop it first: platform sandbox stop`,
    );
  }
}

async function check() {
  await restoreFromEnvironment(cacheFolder());
  const missing = await missingPrograms();
  const lacks = await whatRealNodeLacks();
  say(
    JSON.stringify({
      missing: missing.map(pin => pin.name),
      minutes: missing.reduce((sum, pin) => sum + pin.minutes, 0),
      realNodeLacks: lacks.map(lack => lack.what),
      packages: lacks.flatMap(lack => lack.packages ?? []),
      leftBy: lacks.flatMap(lack => lack.leftBy ?? []),
    }),
  );
}

async function prepare(names: string[]) {
  for (const pin of names.length > 0 ? names.map(pinOf) : pins) {
    const since = Date.now();
    let shown = '';
    const made = await prepareProgram(pin, {
      cache: cacheFolder(),
      onProgress: ({ doing, done }) => {
        const now = `${pin.name}: ${doing} ${Math.floor(done * 10) * 10} %`;
        if (now !== shown) say(now);
        shown = now;
      },
    });
    say(
      `${pin.name} ${made.version}: ${((Date.now() - since) / 1000).toFixed(
        1,
      )} s`,
    );
  }
  await dropGoCaches(cacheFolder());
}

function say(text: string) {
  process.stdout.write(`${text}\n`);
}
