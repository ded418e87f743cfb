import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { undoAtEnd } from './cleanup.mjs';
import { ROOT } from './paths.mjs';
import { signalGroup } from './processes.mjs';
import { run } from './run.mjs';

const CONFIG = path.join(ROOT, 'scripts/jest/config.cjs');

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

/**
 * Runs tests through the Backstage command line and counts them.
 *
 * @param options.cwd - the checkout for all unit tests, or one package
 * @param options.command - `repo test` or `package test`
 * @param options.label - put before each line of its output
 */
export async function runJest(toolchain, options) {
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
            signalGroup(child.pid, 'SIGKILL');
          });
        },
      },
    );
    const json = JSON.parse(await readFile(report, 'utf8').catch(() => 'null'));
    // Jest that ended without a report died on its way; that is a failure even if it said 0.
    if (!json) return { passed: 0, failed: 1, skipped: [] };
    const skipped = json.testResults.flatMap(file =>
      file.assertionResults
        .filter(test => test.status === 'pending' || test.status === 'todo')
        .map(test => test.fullName),
    );
    const broken = json.testResults.filter(
      file => file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    const failed = json.numFailedTests + broken;
    return {
      passed: json.numPassedTests,
      failed: failed || (code === 0 ? 0 : 1),
      skipped,
    };
  } finally {
    await forget?.();
    await rm(folder, { recursive: true, force: true });
  }
}
