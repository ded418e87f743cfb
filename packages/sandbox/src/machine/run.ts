import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { MARKER } from './marked';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Each line that it prints, as it comes */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
  /** What it is ended with when `signal` says so; SIGTERM by default */
  killSignal?: NodeJS.Signals;
  uid?: number;
  gid?: number;
  input?: string;
  /** Returns the SHA-256 of what it printed instead of the text, however long it is */
  digest?: boolean;
}

/** A command that ended with an error, with the last it said. */
export class CommandError extends Error {
  constructor(
    readonly command: string,
    readonly code: number,
    readonly output: string,
  ) {
    super(`${command} ended with ${code}: ${lastLines(output)}`);
    this.name = 'CommandError';
  }
}

/**
 * Runs a command to its end.
 *
 * @returns what it printed on stdout
 * @throws CommandError when it ends with anything but 0
 */
export async function run(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  const { onLine, input, digest, ...spawning } = options;
  const hash = createHash('sha256');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...spawning,
      env: marked(options.env ?? process.env),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let all = '';
    let partial = '';
    const take = (chunk: Buffer) => {
      all = (all + chunk.toString('utf8')).slice(-20_000);
      if (!onLine) return;
      const lines = (partial + chunk.toString('utf8')).split('\n');
      partial = lines.pop() ?? '';
      lines.forEach(onLine);
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      if (digest) {
        hash.update(chunk);
        return;
      }
      stdout += chunk.toString('utf8');
      take(chunk);
    });
    child.stderr?.on('data', take);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(digest ? hash.digest('hex') : stdout);
      else
        reject(
          new CommandError(
            command,
            code ?? 128,
            signal ? `${all}\n${signal}` : all,
          ),
        );
    });
    if (input !== undefined) child.stdin?.end(input);
  });
}

/** What this process is known by is passed on: what it runs is ended with it, should it be killed. */
function marked(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const mark = process.env[MARKER];
  return mark === undefined ? env : { ...env, [MARKER]: mark };
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-4).join(' | ').slice(-600);
}
