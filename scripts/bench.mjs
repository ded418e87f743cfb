// npm run bench -- NAME…   measures, prints a table, and writes bench/results/NAME.json
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Failure, runMain } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ROOT } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const SOURCES = path.join(ROOT, 'bench/src');
const MOST_SHARED_BYTES = 4 * 1024 ** 3;

await runMain(async () => {
  const known = readdirSync(SOURCES)
    .filter(file => file.endsWith('.ts') && file !== 'index.ts')
    .map(file => file.replace(/\.ts$/, ''));
  const names = process.argv.slice(2);
  const unknown = names.find(name => !known.includes(name));
  if (names.length === 0 || unknown) {
    throw new Failure(
      unknown ? `There is no bench "${unknown}".` : 'Which bench?',
      {
        fix: `npm run bench -- ${known.join(' ')}`,
        code: 2,
      },
    );
  }

  const say = text => process.stderr.write(`${text}\n`);
  const toolchain = await ensureToolchain(say);
  await ensureInstalled(toolchain, say);
  const postgres = await startPostgres({ say, sharedBytes: sharedBytes() });
  try {
    for (const name of names) {
      process.stdout.write(`\n── ${name}\n`);
      await measure(toolchain, name, {
        BENCH_POSTGRES_URL: postgres.url,
        NODE_ENV: 'development',
      });
    }
  } finally {
    await postgres.stop();
  }
});

/**
 * A quarter of the memory, as a server of its own would be given.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-SHARED-BUFFERS
 */
function sharedBytes() {
  return Math.min(os.totalmem() / 4, MOST_SHARED_BYTES);
}

function measure(toolchain, name, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      toolchain.node,
      [
        '--require',
        path.join(
          ROOT,
          'node_modules/@backstage/cli-node/config/nodeTransform.cjs',
        ),
        path.join(SOURCES, `${name}.ts`),
      ],
      { cwd: ROOT, stdio: 'inherit', env: { ...toolchain.env, ...env } },
    );
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve() : reject(new Failure(`The bench ${name} failed.`)),
    );
  });
}
