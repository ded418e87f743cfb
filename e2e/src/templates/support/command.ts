import { spawn } from 'node:child_process';
import { delimiter, dirname, isAbsolute } from 'node:path';
import { machine } from '../../support/require';
import { collectOutput } from './collectOutput';

export interface CommandResult {
  code: number | null;
  /** What it printed, on both streams */
  output: string;
}

/**
 * Runs a program to its end.
 *
 * @param options.timeoutMs - after which it is killed, with all that it started
 * @returns its status and output; never throws for a program that fails
 */
export function run(
  command: string,
  args: string[],
  options: {
    cwd?: string;
    env?: Record<string, string | undefined>;
    timeoutMs?: number;
  } = {},
): Promise<CommandResult> {
  const { cwd, env = machineEnv(), timeoutMs = 60_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const output = collectOutput(child);
    let late = '';
    const timer = setTimeout(() => {
      late = `\nKilled after ${timeoutMs} ms.`;
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    child.once('error', error => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', code => {
      clearTimeout(timer);
      resolve({ code, output: output() + late });
    });
  });
}

/** As {@link run}, for a program that must succeed. */
export async function succeed(
  ...args: Parameters<typeof run>
): Promise<string> {
  const { code, output } = await run(...args);
  if (code !== 0) {
    throw new Error(
      `${args[0]} ${args[1].join(' ')} ended with ${code}:\n${output}`,
    );
  }
  return output;
}

/** The environment of a developer's shell on this machine, with the tools that the test run has found first on PATH. */
export function machineEnv(
  more: Record<string, string | undefined> = {},
): Record<string, string | undefined> {
  const own = [machine.promtool, machine.uv, machine.gitleaks]
    .filter((path): path is string => Boolean(path && isAbsolute(path)))
    .map(path => dirname(path));
  const inherited = Object.entries(process.env).filter(
    // What jest, npm and the test run set for themselves is nothing to a service.
    ([name]) =>
      !/^(NODE_ENV|NODE_OPTIONS|JEST_.*|HIGHROAD_.*|npm_(lifecycle|package|config_(user|local))_?.*|INIT_CWD|CI|PORT|DATABASE_URL|VIRTUAL_ENV)$/.test(
        name,
      ),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [...own, process.env.PATH].join(delimiter),
    ...more,
  };
}
