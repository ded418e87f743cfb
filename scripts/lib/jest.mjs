import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { undoAtEnd } from './cleanup.mjs';
import { ROOT } from './paths.mjs';
import { isAlive, signalGroup, waitFor } from './processes.mjs';
import { run } from './run.mjs';

const CONFIG = path.join(ROOT, 'scripts/jest/config.cjs');
const ONLY_THESE = path.join(ROOT, 'scripts/jest/onlyThese.cjs');

/** A connection to localhost is given up after a quarter of a second otherwise, as if nothing listened there. */
const PATIENT = '--network-family-autoselection-attempt-timeout=5000';

/** As much as Backstage lets a worker take before it is replaced, also where there is less. */
const LEAST_WORKER_BYTES = 1000 * 1024 ** 2;

/**
 * A worker that is replaced loads and resolves everything anew, and with the usual gigabyte it would be after every few
 * files; so workers may have a quarter of the memory between them.
 */
function workerBytes() {
  const workers = Math.max(2, os.availableParallelism() - 1);
  return Math.max(LEAST_WORKER_BYTES, Math.floor(os.totalmem() / 4 / workers));
}

const NOTHING = {
  ...{ passed: 0, failed: 0, skipped: [], unstable: [] },
  ...{ files: [], failures: [] },
};

/** Longest time that portals of tests may take to stop. */
const MOST_ENDING_MS = 30_000;

/** As much of what a failure says as tells what it was; a page that is printed whole would hide the rest. */
const MOST_LINES = 12;
const MOST_CHARACTERS = 1200;

/** More files than this do not fail because the machine was busy. */
const MOST_AGAIN = 3;

/**
 * Runs tests through the Backstage command line and counts them. Files that fail are tried once more, with none of the
 * others beside them: what passes then counts as passed, and is named as unstable.
 *
 * @param options.cwd - the checkout for all unit tests, or one package
 * @param options.command - `repo test` or `package test`
 * @param options.label - put before each line of its output
 * @param options.isOnce - what fails is not tried again
 * @returns how many passed and failed, the names of those that were skipped, and the names of those that failed and that
 *   are unstable, with what they said
 */
export async function runJest(toolchain, options) {
  const first = await runOnce(toolchain, options);
  const { files } = first;
  if (options.isOnce || files.length === 0 || files.length > MOST_AGAIN)
    return first;
  // In its place: what follows an option with a list would be taken for more of the list.
  const args = options.args.map(arg =>
    arg.startsWith('--maxWorkers=') ? '--maxWorkers=1' : arg,
  );
  const second = await runOnce(toolchain, {
    ...options,
    args: [`--filter=${ONLY_THESE}`, ...args],
    env: { ...options.env, HIGHROAD_ONLY_THESE: JSON.stringify(files) },
  });
  if (second.filesRun !== files.length) return first;
  const stillFail = new Set(second.failures.map(({ name }) => name));
  return {
    ...first,
    passed: first.passed - first.passedBesideFailures + second.passed,
    failed: second.failed,
    failures: second.failures,
    unstable: first.failures.filter(({ name }) => !stillFail.has(name)),
  };
}

/** As `runJest`, once; with the files that failed, and the tests in them that did. */
async function runOnce(toolchain, options) {
  const { report, code } = await reportOf(toolchain, options);
  // Jest that ended without a report died on its way; that is a failure even if it said 0.
  if (!report) return { ...NOTHING, failed: 1 };
  const tests = report.testResults.flatMap(file => file.assertionResults);
  const namesOf = (...kinds) =>
    tests
      .filter(({ status }) => kinds.includes(status))
      .map(({ fullName }) => fullName);
  const files = report.testResults.filter(({ status }) => status === 'failed');
  // A file that could not be loaded, or that failed outside its tests.
  const broken = files.filter(({ assertionResults }) =>
    assertionResults.every(({ status }) => status !== 'failed'),
  );
  const failures = [
    ...tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({
        name: fullName,
        said: beginningOf(failureMessages.join('\n')),
      })),
    ...broken.map(({ name, message }) => ({
      name: path.relative(ROOT, name),
      said: beginningOf(message),
    })),
  ];
  return {
    ...NOTHING,
    passed: report.numPassedTests,
    failed: failures.length || (code === 0 ? 0 : 1),
    skipped: namesOf('pending', 'todo'),
    files: files.map(({ name }) => name),
    filesRun: report.testResults.length,
    passedBesideFailures: files
      .flatMap(file => file.assertionResults)
      .filter(({ status }) => status === 'passed').length,
    failures,
  };
}

/** Without the way through code that is not the project's. */
function beginningOf(text) {
  return stripVTControlCharacters(text)
    .split('\n')
    .filter(line => !/^ +at .*(node_modules|node:internal)/.test(line))
    .slice(0, MOST_LINES)
    .join('\n')
    .slice(0, MOST_CHARACTERS)
    .trim();
}

/** Runs Jest once; its report is missing where it died on its way. */
async function reportOf(toolchain, options) {
  const { cwd = ROOT, command, args, env, label } = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'highroad-jest-'));
  let forget;
  const report = path.join(folder, 'report.json');
  try {
    const cli = path.join(
      ROOT,
      'node_modules/@backstage/cli/bin/backstage-cli',
    );
    const { code } = await run(
      toolchain.node,
      [
        cli,
        ...command,
        '--config',
        CONFIG,
        '--watch=false',
        `--workerIdleMemoryLimit=${workerBytes()}`,
        // A busy machine is slow, not wrong.
        '--testTimeout=120000',
        '--json',
        `--outputFile=${report}`,
        ...args,
      ],
      {
        cwd,
        env: {
          ...toolchain.env,
          ...env,
          ...{ CI: 'true', FORCE_COLOR: '0' },
          NODE_OPTIONS: [process.env.NODE_OPTIONS, PATIENT]
            .filter(Boolean)
            .join(' '),
        },
        stream: true,
        label,
        ownGroup: true,
        onSpawn(child) {
          const ended = once(child, 'close');
          forget = undoAtEnd(async () => {
            // With its workers: one that is busy would not notice that nobody waits for it.
            signalGroup(child.pid, 'SIGTERM');
            await ended;
            // Portals that tests have started are in the group too, and stop what they started in groups of its own.
            await waitFor(() => !isAlive(-child.pid), {
              timeoutMs: MOST_ENDING_MS,
            });
            signalGroup(child.pid, 'SIGKILL');
          });
        },
      },
    );
    const text = await readFile(report, 'utf8').catch(() => 'null');
    return { report: JSON.parse(text), code };
  } finally {
    await forget?.();
    await rm(folder, { recursive: true, force: true });
  }
}
