import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { spawn } from 'node:child_process';
import { WholeBackend } from './wholeBackend';

/**
 * Runs the command as somebody.
 *
 * @param who - reference of a person, or the subject of a machine's token
 * @returns what it ended with, and all that it printed
 */
export async function runPlatform(
  backend: WholeBackend,
  who: string,
  args: string[],
  stdin = '',
): Promise<{ code: number | null; output: string }> {
  const token = who.startsWith('user:')
    ? (await backend.signIn(who)).replace('Bearer ', '')
    : `${who}-token`;
  const child = spawn(
    process.execPath,
    [resolvePackagePath('@highroad/platform-cli', 'bin/platform'), ...args],
    {
      env: {
        ...process.env,
        PLATFORM_URL: backend.url,
        PLATFORM_TOKEN: token,
      },
    },
  );
  const pieces: string[] = [];
  child.stdout.on('data', piece => pieces.push(String(piece)));
  child.stderr.on('data', piece => pieces.push(String(piece)));
  child.stdin.end(stdin);
  const code = await new Promise<number | null>(resolve => {
    child.once('close', resolve);
  });
  return { code, output: pieces.join('') };
}
