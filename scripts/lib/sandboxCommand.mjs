import path from 'node:path';
import { ROOT } from './paths.mjs';
import { lastLine, run } from './run.mjs';

/** The sandbox's own command, for scripts; people have `platform sandbox`. */
export const SANDBOX = path.join(ROOT, 'packages/sandbox/bin/sandbox');

/** Runs it to its end; as `run`. */
export function runSandbox(toolchain, args, options) {
  return run(toolchain.node, [SANDBOX, ...args], {
    env: toolchain.env,
    ...options,
  });
}

/** Why it failed, in one line: an error's message rather than the end of its stack. */
export function reasonIn(output) {
  const lines = output
    .trim()
    .split('\n')
    .filter(line => line && !/^\s+at /.test(line));
  const error = lines.find(line => /^\w*Error: /.test(line));
  return error ?? (lastLine(lines.join('\n')) || 'it did not say why');
}
