// npm run bench -- NAME…   measures, prints a table, and writes bench/results/NAME.json
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Failure, runMain } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ROOT } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const SOURCES = path.join(ROOT, 'bench/src');

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
  const postgres = await startPostgres({ say });
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
