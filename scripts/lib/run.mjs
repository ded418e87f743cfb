import { spawn } from 'node:child_process';

/**
 * Runs a command to its end and keeps what it printed.
 *
 * @param options.stream - also passes the output on as it comes
 * @returns exit code and output; never throws for a failing command
 */
export function run(command, args, { cwd, env, stream = false, uid } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      uid,
      shell: false,
    });
    const chunks = [];
    for (const [source, sink] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      source.on('data', chunk => {
        chunks.push(chunk);
        if (stream) sink.write(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? 1,
        signal,
        output: Buffer.concat(chunks).toString('utf8'),
      }),
    );
  });
}

/** The last that a command said. */
export function lastLine(output) {
  return output.trim().split('\n').pop() ?? '';
}
