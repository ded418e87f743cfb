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
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
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
