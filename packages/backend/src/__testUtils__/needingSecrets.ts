import {
  guardedWorkload,
  serviceFiles,
} from '@highroad/plugin-platform-node/manifests/testing';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A bare repository `acme/cart.git` with one commit: the service `cart`, which needs secrets.
 *
 * @param repositories - folder of bare repositories
 * @param needs.image - without a tag
 * @returns the commit's id
 */
export async function commitNeeding(
  repositories: string,
  needs: { image: string; keys: string[] },
): Promise<string> {
  const bare = join(repositories, 'acme', 'cart.git');
  const work = join(repositories, '.work');
  const files = serviceFiles({
    'deploy/base/workload.yaml': guardedWorkload(needs.image, {
      keys: needs.keys,
    }),
  });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), content);
  }
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: work })).stdout.trim();
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  await run('git', ['init', '--quiet', '--bare', '-b', 'main', bare]);
  await git('init', '--quiet', '-b', 'main');
  await git('add', '.');
  await git(...as, 'commit', '--quiet', '--message', 'Begin');
  await git('push', '--quiet', bare, 'main');
  return git('rev-parse', 'HEAD');
}
