// npm run test:soak -- [NAME…]   tests that take hours, whole; prints a table, and writes bench/results/soak.json
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isEnding, undoAtEnd } from './lib/cleanup.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { ROOT } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { SOAKS } from './lib/soaks.mjs';
import { findTestSandbox } from './lib/testSandbox.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const RESULTS = path.join(ROOT, 'bench/results/soak.json');

const say = text => process.stdout.write(`${text}\n`);

await runMain(async () => {
  const known = Object.keys(SOAKS);
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : known;
  const unknown = names.find(name => !known.includes(name));
  if (unknown) {
    throw new Failure(`There is no soak "${unknown}".`, {
      fix: `npm run test:soak -- ${known.join(' ')}`,
      code: 2,
    });
  }
  const toolchain = await ensureToolchain(say);
  await ensureInstalled(toolchain, say);
  const needsSandbox = names.some(name => SOAKS[name].sandbox);
  const sandbox = needsSandbox
    ? await findTestSandbox(toolchain, { prepare: true, say })
    : undefined;
  const postgres = await startPostgres({ say });
  const stopPostgres = undoAtEnd(() => postgres.stop());
  let failed = 0;
  try {
    const env = {
      BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: postgres.url,
      HIGHROAD_TEST_POSTGRES: postgres.url,
    };
    const runAll = async more => {
      for (const name of names) {
        say(`\n── ${name}`);
        const result = await soak(toolchain, SOAKS[name], { ...env, ...more });
        // What was cut short tells nothing.
        if (isEnding()) return;
        await keep(name, result);
        failed += result.failed;
      }
    };
    await (sandbox
      ? sandbox.during('simulated', state =>
          runAll({ HIGHROAD_TEST_SANDBOX: state }),
        )
      : runAll({}));
  } finally {
    await stopPostgres();
  }
  await print();
  process.exit(failed > 0 ? 1 : 0);
});

/** @returns how many tests failed, how often was tried what they try, and how long it took in seconds */
async function soak(toolchain, { tests, env, of }, servers) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'highroad-soak-'));
  const notes = path.join(folder, 'notes');
  const given = { ...env, ...chosen(env) };
  const began = Date.now();
  try {
    const { passed, failed, failures } = await runJest(toolchain, {
      command: ['repo', 'test'],
      // One after the other: what is killed or late because of others would tell nothing.
      args: [...tests, '--maxWorkers=1'],
      env: { ...given, ...servers, HIGHROAD_SOAK_NOTES: notes },
      // Each is to pass at once.
      isOnce: true,
    });
    for (const { name, said } of failures) say(`✖ ${name}\n${said}`);
    return {
      what: of.what,
      n: of.counts
        ? of.counts.reduce((sum, name) => sum + Number(given[name]), 0)
        : await killedIn(notes),
      failed: failed || (passed > 0 ? 0 : 1),
      seconds: (Date.now() - began) / 1000,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What was asked for otherwise, such as HIGHROAD_KILL_EVERY=4 for every fourth call. */
function chosen(env) {
  return Object.fromEntries(
    Object.keys(env).flatMap(name =>
      process.env[name] ? [[name, process.env[name]]] : [],
    ),
  );
}

/** How many were killed, as the tests have noted. */
async function killedIn(notes) {
  const text = await readFile(notes, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .filter(Boolean)
    .reduce((sum, line) => sum + JSON.parse(line).where.length, 0);
}

/** In the place of what it was before. */
async function keep(name, { what, n, failed, seconds }) {
  const others = (await kept()).filter(
    row => !row.name.startsWith(`${name}: `),
  );
  const rows = [
    ...others,
    {
      ...{ name: `${name}: ${what}: tests that failed`, value: failed },
      ...{ unit: '', goal: '0', n },
    },
    { name: `${name}: time`, value: Math.round(seconds), unit: 's', n: 1 },
  ];
  await writeFile(RESULTS, `${JSON.stringify(rows, null, 2)}\n`);
}

async function kept() {
  const text = await readFile(RESULTS, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return JSON.parse(text);
}

async function print() {
  say('');
  for (const { name, value, unit, n } of await kept()) {
    say(`${name}  ${value}${unit && ` ${unit}`}  (n = ${n})`);
  }
  say(`\nwritten to ${path.relative(ROOT, RESULTS)}`);
}
