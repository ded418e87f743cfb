import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Git without the settings, hooks and prompts of whoever runs the portal, so that it does the same everywhere. */
const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/**
 * Runs git and returns what it printed.
 *
 * @throws Error with git's own message, when it ends with another code than 0
 */
export async function git(
  cwd: string,
  args: string[],
  options: { env?: Record<string, string>; maxBytes?: number } = {},
): Promise<Buffer> {
  const { stdout } = await run('git', args, {
    cwd,
    encoding: 'buffer',
    maxBuffer: options.maxBytes ?? 64 * 1024 * 1024,
    env: { PATH: process.env.PATH, ...ENVIRONMENT, ...options.env },
  }).catch(error => {
    const said = String(error.stderr ?? '').trim();
    throw new Error(`git ${args[0]} failed: ${said || error.message}`);
  });
  return stdout;
}
