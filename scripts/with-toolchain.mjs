// npm run with-toolchain -- COMMAND…   runs a command with the project's Node and Yarn first on PATH.
import { spawn } from 'node:child_process';
import { Failure, runMain } from './lib/failure.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

await runMain(async () => {
  const [command, ...args] = process.argv.slice(2);
  if (!command) {
    throw new Failure('Which command?', {
      fix: 'For example: npm run with-toolchain -- yarn jest plugins/create',
      code: 2,
    });
  }
  const { env } = await ensureToolchain(text =>
    process.stderr.write(`${text}\n`),
  );
  const child = spawn(command, args, { stdio: 'inherit', env });
  child.on('error', error => {
    process.stderr.write(`✖ ${command}: ${error.message}\n`);
    process.exit(127);
  });
  child.on('close', (code, signal) => process.exit(signal ? 130 : code ?? 1));
});
