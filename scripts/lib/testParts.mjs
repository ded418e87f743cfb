// The parts of npm test: what each one runs, and on which servers.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { undoAtEnd } from './cleanup.mjs';
import { prepareDocsGenerator } from './docsGenerator.mjs';
import { runJest } from './jest.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { startPortal, writeRunning } from './portal.mjs';
import { freePort } from './ports.mjs';
import { startPostgres } from './postgres.mjs';
import { run } from './run.mjs';

/** Parts that only read the sources. */
export const READING = ['types', 'format', 'lint'];

/** Parts whose workers keep all processors busy: what runs beside them only makes both slow. */
export const CROWDED = ['unit'];

/** Parts that mostly wait for servers: one can run beside another. */
export const WAITING = ['system'];

/** Jest's workers where there are real servers: they wait for these about as long as they work. */
const WORKERS_WITH_SERVERS = Math.max(3, os.availableParallelism());

/** Tests beside their sources that need pods which really run. */
const ON_REAL_NODE = [
  'packages/sandbox/src/real-node/realNode',
  'drivers/databases/cluster/ClusterDriver.sandbox',
];

/**
 * Each returns how many passed and failed, the names of those that were skipped, and those that failed or are unstable
 * with what they said. It is given
 * - `toolchain`: the Node and Yarn that everything runs with
 * - `args`: arguments for Jest
 * - `tools`: programs that tests of created repositories need, as environment variables
 * - `sandbox`: real servers, or why there are none
 * - `label`: what to put before each line of output
 * - `say`: takes a line of output, without the label
 */
export const PARTS = {
  types: context => checkWithYarn(context, 'tsc', '--pretty', 'false'),
  format: context => checkWithYarn(context, 'prettier:check'),
  // A package is looked at again where it, its configuration or what it depends on has changed since it last passed.
  lint: context =>
    checkWithYarn(
      context,
      ...['lint', '--success-cache', '--success-cache-dir'],
      path.join(CACHE, 'lint'),
    ),

  async unit(context) {
    const { args, sandbox, say } = context;
    const postgres = await startPostgres({ say });
    const stop = undoAtEnd(() => postgres.stop());
    const runWith = (more, env) =>
      unitTests(context, {
        args: [...more, ...args],
        env: {
          // Where Backstage's TestDatabases look for a server of any of the versions that they know.
          BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: postgres.url,
          HIGHROAD_TEST_POSTGRES: postgres.url,
          ...env,
        },
      });
    try {
      if (sandbox.missing) return await runWith([], {});
      // What needs a real node is tried in the part "system".
      const others = ['/node_modules/', ...ON_REAL_NODE].map(
        pattern => `--testPathIgnorePatterns=${pattern}`,
      );
      return await sandbox.during(
        'simulated',
        state =>
          runWith([...others, `--maxWorkers=${WORKERS_WITH_SERVERS}`], {
            HIGHROAD_TEST_SANDBOX: state,
          }),
        say,
      );
    } finally {
      await stop();
    }
  },

  templates: context => endToEnd(context, 'src/templates', context.tools.env),

  // One portal for all that only look at it or add to it; tests that do it harm start their own.
  async portal(context) {
    const { toolchain, tools, sandbox, say } = context;
    const problem = await prepareDocsGenerator();
    if (problem) say(problem);
    const runWith = env =>
      withPortal(toolchain, [], state =>
        endToEnd(context, 'src/(browser|cli|docs|start)', {
          ...tools.env,
          HIGHROAD_TEST_STATE: state,
          ...env,
        }),
      );
    if (sandbox.missing) return runWith({});
    return sandbox.during(
      'simulated',
      folder => runWith({ HIGHROAD_TEST_SANDBOX: folder }),
      say,
    );
  },

  // Everything together, on a node where pods really run if this machine can have one.
  async system(context) {
    const { toolchain, args, sandbox, say } = context;
    const runWith = env => endToEnd(context, 'src/system', env);
    if (sandbox.missing) return runWith({});
    return sandbox.during(
      'auto',
      async folder => {
        const env = { HIGHROAD_TEST_SANDBOX: folder };
        const onNode = [];
        // One after the other: the first looks at the node itself.
        for (const pattern of ON_REAL_NODE) {
          const options = {
            args: [...both(pattern, args), '--passWithNoTests'],
            env,
          };
          onNode.push(await unitTests(context, options));
        }
        const config = path.join(folder, 'app-config.sandbox.yaml');
        const whole = await withPortal(toolchain, [config], state =>
          runWith({ HIGHROAD_TEST_STATE: state, ...env }),
        );
        return [...onNode, whole].reduce(sumOf);
      },
      say,
    );
  },
};

function sumOf(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
    unstable: [...one.unstable, ...other.unstable],
    failures: [...one.failures, ...other.failures],
  };
}

/** Runs some work while a portal is up; the portal's folder is given to the work. */
async function withPortal(toolchain, configs, work) {
  const state = await mkdtemp(path.join(os.tmpdir(), 'highroad-test-'));
  let portal;
  const leave = undoAtEnd(async () => {
    await portal?.stop();
    await rm(state, { recursive: true, force: true });
  });
  try {
    portal = await startPortal(toolchain, {
      state,
      port: await freePort(),
      backendPort: await freePort(),
      configs,
      onSpawn: parts => {
        portal = parts;
      },
    });
    await writeRunning(portal, { state, announce: false });
    return await work(state);
  } finally {
    await leave();
  }
}

function unitTests({ toolchain, label }, { args, env }) {
  return runJest(toolchain, { command: ['repo', 'test'], args, env, label });
}

function endToEnd({ toolchain, args, label }, pattern, env) {
  return runJest(toolchain, {
    cwd: path.join(ROOT, 'e2e'),
    command: ['package', 'test'],
    args: [
      // Servers, builds and browsers side by side would only slow each other down.
      '--runInBand',
      '--testPathPatterns',
      ...both(pattern, args),
    ],
    env: { HIGHROAD_ROOT: ROOT, ...env },
    label,
  });
}

/**
 * Arguments for tests that fit a pattern and, where the arguments begin with others, one of these: Jest itself takes what
 * fits either.
 */
function both(pattern, args) {
  const options = args.findIndex(arg => arg.startsWith('-'));
  const paths = options < 0 ? args : args.slice(0, options);
  const patterns = paths.length
    ? paths.map(asked => `^(?=.*${pattern}).*(?:${asked})`)
    : [pattern];
  return [...patterns, ...args.slice(paths.length)];
}

async function checkWithYarn({ toolchain, label }, ...command) {
  const { code } = await run(toolchain.node, [toolchain.yarn, ...command], {
    cwd: ROOT,
    env: toolchain.env,
    stream: true,
    label,
  });
  return code === 0
    ? { passed: 1, failed: 0, skipped: [] }
    : { passed: 0, failed: 1, skipped: [] };
}
