/**
 * How long a secret that is set takes to the cluster while 10,000 others are looked after, and how often Vault is read for
 * those. Takes the sandbox that `npm start` runs, with whatever node.
 */
import { readConnection, SandboxPaths } from '@highroad/sandbox';
import { TestSandbox } from '@highroad/sandbox/testing';
import { join, resolve } from 'node:path';
import { report } from './support/report';
import { secretRefresh } from './support/secretRefresh';

async function main() {
  const state = resolve(process.env.BENCH_STATE ?? '.highroad');
  const paths = new SandboxPaths(join(state, 'sandbox'));
  const connection = await readConnection(paths);
  if (!connection) throw new Error('Start the sandbox first: npm start');
  report(
    'secrets-refresh',
    await secretRefresh(new TestSandbox(connection, paths)),
  );
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
