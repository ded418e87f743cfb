import fs from 'fs-extra';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBounded } from '@highroad/plugin-platform-node/git';

const QUICK_MS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** What differs between two texts, as of `diff -u`; empty where nothing does. */
export async function manifestDiff(
  running: string,
  wanted: string,
  options: { signal: AbortSignal },
): Promise<string> {
  if (running === wanted) return '';
  const folder = await fs.mkdtemp(join(tmpdir(), 'highroad-diff-'));
  try {
    await fs.writeFile(join(folder, 'running.yaml'), running);
    await fs.writeFile(join(folder, 'wanted.yaml'), wanted);
    const { code, stdout, stderr } = await runBounded(
      'git',
      [
        ...['diff', '--no-index', '--no-color', '--no-ext-diff'],
        ...['--unified=3', '--', 'running.yaml', 'wanted.yaml'],
      ],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          HOME: '/nonexistent',
          LC_ALL: 'C',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
          // A folder within a repository of somebody's is none of it.
          GIT_CEILING_DIRECTORIES: tmpdir(),
        },
        timeoutMs: QUICK_MS,
        maxBytes: MOST_BYTES,
        signal: options.signal,
      },
    );
    // It says by 1 that they differ.
    if (code > 1) throw new Error(`git diff failed: ${stderr.trim()}`);
    const text = stdout.toString('utf8');
    return text.slice(text.indexOf('--- '));
  } finally {
    await fs.remove(folder);
  }
}
