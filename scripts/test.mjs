// npm test: everything that can be tested on this machine, from a bare checkout.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { undoAtEnd } from './lib/cleanup.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { ROOT } from './lib/paths.mjs';
import { startPortal, writeRunning } from './lib/portal.mjs';
import { freePort } from './lib/ports.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { run } from './lib/run.mjs';
import { findTestSandbox } from './lib/testSandbox.mjs';
import { findTestTools } from './lib/testTools.mjs';
import { prepareDocsGenerator } from './lib/docsGenerator.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const HELP = `npm test -- [options] [-- jest arguments]

  npm test                              everything
  npm test -- --only unit               one part; can be repeated
  npm test -- --only unit -- plugins/create
  npm test -- --only templates -- -t go

  --only PART     types, format, lint, unit, templates, portal, system
  --all           prepares the sandbox first where that has not been done (the default in CI)
  --no-sandbox    leaves out the tests that need the sandbox
  --help
`;

const say = text => process.stdout.write(`${text}\n`);

/** Tests of the sandbox's own real node. */
const ON_REAL_NODE = 'packages/sandbox/src/real-node/realNode';

/** Each part returns how many passed and failed, and what was skipped and why. */
const PARTS = {
  types: ({ yarn }) => check(() => yarn('tsc', '--pretty', 'false')),
  format: ({ yarn }) => check(() => yarn('prettier:check')),
  lint: ({ yarn }) => check(() => yarn('lint')),

  async unit({ toolchain, args, sandbox }) {
    const postgres = await startPostgres({ say });
    const stop = undoAtEnd(() => postgres.stop());
    const runWith = (more, env) =>
      runJest(toolchain, {
        command: ['repo', 'test'],
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
      const others = ['/node_modules/', ON_REAL_NODE].map(
        pattern => `--testPathIgnorePatterns=${pattern}`,
      );
      return await sandbox.during('simulated', state =>
        runWith(others, { HIGHROAD_TEST_SANDBOX: state }),
      );
    } finally {
      await stop();
    }
  },

  templates: ({ toolchain, args, tools }) =>
    endToEnd(toolchain, 'src/templates', args, tools),

  // One portal for all that only look at it or add to it; tests that do it harm start their own.
  async portal({ toolchain, args, tools, sandbox }) {
    const problem = await prepareDocsGenerator();
    if (problem) say(problem);
    const runWith = env =>
      withPortal(toolchain, [], state =>
        endToEnd(toolchain, 'src/(browser|cli|docs|start)', args, {
          env: { ...tools.env, HIGHROAD_TEST_STATE: state, ...env },
        }),
      );
    if (sandbox.missing) return runWith({});
    return sandbox.during('simulated', folder =>
      runWith({ HIGHROAD_TEST_SANDBOX: folder }),
    );
  },

  // Everything together, on a node where pods really run if this machine can have one.
  async system({ toolchain, args, sandbox }) {
    const runWith = env => endToEnd(toolchain, 'src/system', args, { env });
    if (sandbox.missing) return runWith({});
    return sandbox.during('auto', async folder => {
      const env = { HIGHROAD_TEST_SANDBOX: folder };
      const node = await runJest(toolchain, {
        command: ['repo', 'test'],
        args: [ON_REAL_NODE, ...args],
        env,
      });
      const config = path.join(folder, 'app-config.sandbox.yaml');
      const whole = await withPortal(toolchain, [config], state =>
        runWith({ HIGHROAD_TEST_STATE: state, ...env }),
      );
      return sumOf(node, whole);
    });
  },
};

await runMain(async () => {
  const { only, args, prepare, withSandbox } = readOptions();
  const began = Date.now();
  const toolchain = await ensureToolchain(say);
  await ensureInstalled(toolchain, say);
  const needsTools = only.some(
    part => part === 'templates' || part === 'portal',
  );
  const tools = needsTools
    ? await findTestTools(say)
    : { env: {}, missing: [] };
  const sandbox = await sandboxFor(only);
  const yarn = (...command) =>
    run(toolchain.node, [toolchain.yarn, ...command], {
      cwd: ROOT,
      env: toolchain.env,
      stream: true,
    });

  const results = [];
  for (const part of only) {
    say(`\n── ${part}`);
    const since = Date.now();
    const result = await PARTS[part]({
      toolchain,
      yarn,
      args,
      tools,
      sandbox,
    });
    results.push({ part, seconds: (Date.now() - since) / 1000, ...result });
  }
  summarise(
    results,
    [...tools.missing, ...reasonOf(sandbox)],
    (Date.now() - began) / 1000,
  );
  process.exit(results.some(result => result.failed > 0) ? 1 : 0);

  async function sandboxFor(parts) {
    const using = ['unit', 'portal', 'system'];
    if (!parts.some(part => using.includes(part)))
      return { missing: 'no part that was asked for uses it' };
    if (!withSandbox) return { missing: 'it was left out by --no-sandbox' };
    return findTestSandbox(toolchain, { prepare, say });
  }
});

function reasonOf(sandbox) {
  if (sandbox.missing) return [`sandbox: ${sandbox.missing}`];
  return sandbox.realNodeLacks?.length
    ? [`real-node: this machine lacks ${sandbox.realNodeLacks.join('; ')}`]
    : [];
}

function sumOf(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
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

function endToEnd(toolchain, pattern, args, tools) {
  return runJest(toolchain, {
    cwd: path.join(ROOT, 'e2e'),
    command: ['package', 'test'],
    // Servers, builds and browsers side by side would only slow each other down.
    args: ['--runInBand', '--testPathPatterns', pattern, ...args],
    env: { ...tools.env, HIGHROAD_ROOT: ROOT },
  });
}

async function check(command) {
  const { code } = await command();
  return code === 0
    ? { passed: 1, failed: 0, skipped: [] }
    : { passed: 0, failed: 1, skipped: [] };
}

function summarise(results, missing, seconds) {
  say('\n── summary');
  for (const { part, passed, failed, skipped, seconds: took } of results) {
    say(
      `${failed ? '✖' : '✔'} ${part.padEnd(10)} ${String(passed).padStart(
        4,
      )} passed  ${failed} failed  ${skipped.length} skipped  ${took.toFixed(
        0,
      )} s`,
    );
  }
  const sum = key => results.reduce((total, result) => total + result[key], 0);
  const skipped = results.flatMap(result => result.skipped);
  for (const [reason, names] of byReason(skipped, missing)) {
    say(`\n${names.length} skipped, ${reason}`);
    for (const name of names) say(`  ${name}`);
  }
  say(`in ${(seconds / 60).toFixed(1)} minutes`);
  say(
    `${sum('passed')} passed, ${sum('failed')} failed, ${
      skipped.length
    } skipped`,
  );
}

/**
 * The skipped tests by what they need: a suite that lacks something says so in its name, as "[needs go, make]".
 *
 * @param missing - `name: why it is not here`
 */
function byReason(skipped, missing) {
  const groups = new Map();
  for (const name of skipped) {
    const needs = [...name.matchAll(/\[needs ([^\]]+)\]/g)]
      .flatMap(match => match[1].split(', '))
      .filter((need, at, all) => all.indexOf(need) === at);
    const why = needs.map(need => {
      const found = missing.find(line => line.startsWith(`${need}: `));
      return found ?? `${need}: not on this machine`;
    });
    const reason = why.length ? why.join('; ') : 'without a reason given';
    groups.set(reason, [...(groups.get(reason) ?? []), name]);
  }
  return groups;
}

function readOptions() {
  const separator = process.argv.indexOf('--');
  const own = process.argv.slice(2, separator < 0 ? undefined : separator);
  let values;
  try {
    ({ values } = parseArgs({
      args: own,
      options: {
        only: { type: 'string', multiple: true },
        all: { type: 'boolean', default: Boolean(process.env.CI) },
        'no-sandbox': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new Failure(error.message, { fix: 'npm test -- --help', code: 2 });
  }
  if (values.help) {
    say(HELP);
    process.exit(0);
  }
  const only = values.only ?? Object.keys(PARTS);
  const unknown = only.find(part => !(part in PARTS));
  if (unknown) {
    throw new Failure(`There is no part "${unknown}".`, {
      fix: `Choose from: ${Object.keys(PARTS).join(', ')}`,
      code: 2,
    });
  }
  return {
    only,
    prepare: values.all,
    withSandbox: !values['no-sandbox'],
    args: separator < 0 ? [] : process.argv.slice(separator + 1),
  };
}
