import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { labelled } from './labelled.mjs';

/**
 * Runs a command to its end and keeps what it printed.
 *
 * @param options.stream - also passes the output on as it comes
 * @param options.label - put before each line that is passed on
 * @param options.onSpawn - told the process as soon as it runs
 * @param options.ownGroup - so that it can be ended with all that it started, by `signalGroup`
 * @returns exit code and output; never throws for a failing command
 */
export function run(
  command,
  args,
  { cwd, env, stream = false, label, onSpawn, ownGroup = false, uid } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      uid,
      detached: ownGroup && process.platform !== 'win32',
      shell: false,
    });
    onSpawn?.(child);
    const chunks = [];
    for (const [source, sink] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      const passedOn = stream ? labelled(label, sink) : undefined;
      const decoder = new StringDecoder('utf8');
      source.on('data', chunk => {
        chunks.push(chunk);
        passedOn?.write(decoder.write(chunk));
      });
      source.on('end', () => passedOn?.end());
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
