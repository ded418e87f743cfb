import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, RunningPortal } from './portal';

/** How a command line ended and what it printed. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command line that runs. */
export interface RunningCommand {
  /** Resolves when it has printed something that matches. */
  printed(pattern: RegExp): Promise<void>;
  interrupt(): void;
  ended: Promise<CommandResult>;
}

/**
 * Starts `platform` in a folder with a running portal in it, where it works without a login.
 *
 * @param portal - the portal; its folder stands for the checkout's `.highroad`
 */
export function startPlatform(
  portal: RunningPortal,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): RunningCommand {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'packages/platform-cli/bin/platform'), ...args],
    {
      // Where no checkout's own portal is found; the announcement beside the cache is the one that counts.
      cwd: '/',
      env: { ...plainEnv(), HIGHROAD_CACHE: portal.state, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const result: CommandResult = { code: null, stdout: '', stderr: '' };
  const watchers: Array<() => void> = [];
  const collect = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
    result[stream] += chunk.toString('utf8');
    watchers.forEach(watch => watch());
  };
  child.stdout.on('data', collect('stdout'));
  child.stderr.on('data', collect('stderr'));
  const ended = new Promise<CommandResult>(done =>
    child.on('close', code => done({ ...result, code })),
  );
  return {
    ended,
    interrupt: () => child.kill('SIGINT'),
    printed: pattern =>
      new Promise((done, failed) => {
        const look = () =>
          pattern.test(result.stdout + result.stderr) && done();
        watchers.push(look);
        look();
        ended.then(() =>
          failed(
            new Error(
              `It ended before it printed ${pattern}: ${result.stderr}`,
            ),
          ),
        );
      }),
  };
}

/** Runs `platform` to its end. */
export function platform(
  portal: RunningPortal,
  args: string[],
  env?: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  return startPlatform(portal, args, env).ended;
}

function plainEnv(): NodeJS.ProcessEnv {
  const {
    NODE_ENV: _,
    JEST_WORKER_ID: __,
    NODE_OPTIONS: ___,
    FORCE_COLOR: ____,
    PLATFORM_URL: _____,
    PLATFORM_TOKEN: ______,
    ...env
  } = process.env;
  return env;
}
