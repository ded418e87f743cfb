import { InputError } from '@backstage/errors';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * What a Git command prints, piece by piece.
 *
 * @throws InputError with Git's own words where it fails
 */
export async function* gitLines(
  directory: string,
  args: string[],
  options: { input?: string; separator: string },
): AsyncIterable<string> {
  const child = spawn('git', ['-C', directory, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      // What was left out of a clone on purpose is not fetched.
      GIT_ALLOW_PROTOCOL: 'none',
      // The folder may be another user's, as with a volume; nothing in it is run.
      ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory' },
      GIT_CONFIG_VALUE_0: '*',
    },
  });
  const ended = once(child, 'close');
  // It is looked at below; it must not go unheard before.
  ended.catch(() => {});
  let problem = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    problem = `${problem}${text}`.slice(0, 1_000);
  });
  // Git may end before it has read all; how it ended says why.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  let rest = '';
  try {
    for await (const text of child.stdout.setEncoding('utf8')) {
      const pieces = `${rest}${text}`.split(options.separator);
      rest = pieces.pop() ?? '';
      yield* pieces;
    }
  } finally {
    child.kill();
  }
  const [code] = await ended;
  if (code !== 0) {
    throw new InputError(
      `git ${args.find(one => /^[a-z]/.test(one))} failed in ${directory}: ${
        problem.trim() || `it ended with ${code}`
      }`,
    );
  }
  if (rest.trim()) yield rest;
}
