import { NodeKind } from '@highroad/plugin-sandbox-common';
import { existsSync, readFileSync } from 'node:fs';
import { Connection, connectionSchema } from '../connection/schema';
import { SandboxPaths } from '../machine/paths';
import { TestSandbox } from './TestSandbox';

/** The folder of the sandbox that tests share; set by `npm test`. */
const VARIABLE = 'HIGHROAD_TEST_SANDBOX';

/** What a suite may ask for. `real-node` and `simulated-node` say which kind the cluster has to be of. */
export type SandboxNeed =
  | 'cluster'
  | 'real-node'
  | 'simulated-node'
  | 'vault'
  | 'postgres'
  | 'registry'
  | 'git-host';

/**
 * A suite that uses the shared sandbox: skipped, with the reason in its name, where there is none or it lacks
 * something. What the suite makes there is its own, and is taken away when it ends.
 *
 * @param tests - given the sandbox; ask it for things inside hooks and tests only
 */
export function describeWithSandbox(
  name: string,
  needs: SandboxNeed[],
  tests: (sandbox: TestSandbox) => void,
): void {
  const found = sharedSandbox();
  const missing = found
    ? needs.filter(need => !fits(need, found.connection.node.kind))
    : ['sandbox'];
  if (!found || missing.length > 0) {
    // A skipped suite is still read, so that its tests are counted.
    // eslint-disable-next-line jest/no-disabled-tests
    describe.skip(`${name} [needs ${missing.join(', ')}]`, () => {
      tests(TestSandbox.absent());
    });
    return;
  }
  // eslint-disable-next-line jest/valid-title
  describe(name, () => {
    const sandbox = new TestSandbox(found.connection, found.paths);
    afterAll(() => sandbox.cleanUp(), 120_000);
    tests(sandbox);
  });
}

function sharedSandbox():
  | { connection: Connection; paths: SandboxPaths }
  | undefined {
  const folder = process.env[VARIABLE];
  if (!folder) return undefined;
  const paths = new SandboxPaths(folder);
  if (!existsSync(paths.connection)) {
    throw new Error(
      `${VARIABLE} is ${folder}, where no sandbox has been settled`,
    );
  }
  return {
    paths,
    connection: connectionSchema.parse(
      JSON.parse(readFileSync(paths.connection, 'utf8')),
    ),
  };
}

function fits(need: SandboxNeed, node: NodeKind): boolean {
  if (need === 'real-node') return node === 'real';
  if (need === 'simulated-node') return node === 'simulated';
  return true;
}
