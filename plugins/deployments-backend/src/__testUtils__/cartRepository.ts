import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import fs from 'fs-extra';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serviceFiles } from '@highroad/plugin-platform-node/manifests/testing';

const run = promisify(execFile);

/** The same as a Rollout, which leaves to its environment how it is shifted. */
export function asRollout(text: string): string {
  return text
    .replace('apiVersion: apps/v1', 'apiVersion: argoproj.io/v1alpha1')
    .replace('kind: Deployment', 'kind: Rollout');
}

/** A repository with a commit for each of these workloads. */
export async function commitEach(
  repositories: string,
  workloads: Record<string, string>,
): Promise<Record<string, string>> {
  const work = await mkdtemp(join(tmpdir(), 'highroad-commits-'));
  const id = { owner: 'acme', name: 'cart' };
  const local = new LocalRepositories(repositories);
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: work })).stdout.trim();
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  const commits: Record<string, string> = {};
  for (const [name, text] of Object.entries(workloads)) {
    const files = serviceFiles({ 'deploy/base/workload.yaml': text });
    for (const [path, content] of Object.entries(files)) {
      await fs.outputFile(join(work, path), content);
    }
    if (Object.keys(commits).length === 0) {
      const author = { name: 'a', email: 'a@example.com' };
      const { commit } = await local.publish({
        ...{ id, folder: work, branch: 'main', message: name, author },
      });
      commits[name] = commit;
      await git('init', '--quiet');
      await git('fetch', '--quiet', local.directory(id), 'main');
      await git('reset', '--quiet', '--soft', 'FETCH_HEAD');
      continue;
    }
    await git('add', '.');
    await git(...as, 'commit', '--quiet', '--message', name);
    commits[name] = await git('rev-parse', 'HEAD');
  }
  await git('push', '--quiet', local.directory(id), 'HEAD:main');
  await rm(work, { recursive: true });
  return commits;
}
