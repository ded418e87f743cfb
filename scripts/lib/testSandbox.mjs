import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { undoAtEnd } from './cleanup.mjs';
import { Failure } from './failure.mjs';
import { lastLine } from './run.mjs';
import { reasonIn, runSandbox } from './sandboxCommand.mjs';

/** How folders of sandboxes of tests begin. */
const STATES = path.join(os.tmpdir(), 'highroad-sandbox-');

/**
 * The sandbox that tests share. It is used where its programs are prepared; they are prepared first when that is
 * asked for, and otherwise the reason why there is none is given.
 *
 * @param options.prepare - whether to prepare what is missing, which takes long
 */
export async function findTestSandbox(toolchain, { prepare, say }) {
  const sandbox = (...args) => runSandbox(toolchain, args);
  const checked = await sandbox('prepare', '--check');
  if (checked.code !== 0) {
    throw new Failure('The sandbox cannot be prepared.', {
      why: reasonIn(checked.output),
      fix: 'Leave it out: npm test -- --no-sandbox',
      runbook: 'sandbox-program-not-prepared',
    });
  }
  const { missing, minutes, realNodeLacks, packages, leftBy } = JSON.parse(
    lastLine(checked.output),
  );
  if (missing.length > 0 && !prepare) {
    return {
      missing: `its programs are not prepared; npm test -- --all does that first, in about ${Math.ceil(
        minutes,
      )} minutes`,
    };
  }
  if (missing.length > 0) {
    say(
      `\n── preparing the sandbox: ${missing.join(', ')} (about ${Math.ceil(
        minutes,
      )} minutes)`,
    );
    const { code, output } = await runSandbox(
      toolchain,
      ['prepare', ...missing],
      { stream: true },
    );
    if (code !== 0) {
      throw new Failure('The sandbox could not be prepared.', {
        why: reasonIn(output),
        fix: 'See the runbook, or leave it out: npm test -- --no-sandbox',
        runbook: 'sandbox-program-not-prepared',
      });
    }
  }
  let lacks = realNodeLacks;
  const mayInstall = process.env.CI && process.getuid?.() === 0;
  const ofTests = leftBy.filter(
    state =>
      path.dirname(path.resolve(state)) === path.dirname(STATES) &&
      path.basename(state).startsWith(path.basename(STATES)),
  );
  for (const state of ofTests) {
    say(`Removing what tests that were killed have left in ${state}`);
    const { code, output } = await sandbox('reset', '--state', state);
    if (code !== 0) say(`It could not be removed: ${reasonIn(output)}`);
  }
  if (packages.length > 0 && mayInstall) {
    say(`Installing for the real node: ${packages.join(' ')}`);
    const { code, output } = await sandbox('install-real-node');
    if (code !== 0) say(`It could not be installed: ${reasonIn(output)}`);
  }
  if (ofTests.length > 0 || (packages.length > 0 && mayInstall)) {
    ({ realNodeLacks: lacks } = JSON.parse(
      lastLine((await sandbox('prepare', '--check')).output),
    ));
  }
  return {
    realNodeLacks: lacks,
    /**
     * Runs some work while a sandbox with this kind of node is up; its folder is given to the work.
     *
     * @param tell - takes a line about it
     */
    async during(node, work, tell = say) {
      const state = await mkdtemp(STATES);
      const leave = undoAtEnd(async () => {
        const { code, output } = await sandbox('reset', '--state', state);
        if (code !== 0) {
          tell(`The sandbox of the tests did not stop: ${reasonIn(output)}`);
        }
      });
      try {
        const { code, output } = await sandbox(
          'start',
          '--state',
          state,
          '--node',
          node,
        );
        if (code !== 0) {
          throw new Failure('The sandbox of the tests did not start.', {
            why: reasonIn(output),
            fix: 'Start one by hand and look: npx platform sandbox start',
            runbook: 'sandbox-server-does-not-answer',
          });
        }
        tell(lastLine(output));
        return await work(state);
      } finally {
        await leave();
      }
    },
  };
}
