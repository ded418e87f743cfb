import { RepositoryId } from '@highroad/plugin-local-repositories-common';
import { ConflictError } from '@backstage/errors';
import fs from 'fs-extra';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { git } from './git';

export interface Author {
  name: string;
  email: string;
}

/**
 * Makes a repository whose first commit is the contents of a folder. It is built beside its place and then
 * renamed into it, so at any moment there is either the whole repository or none.
 *
 * @throws ConflictError if there is one of that name
 */
export async function publishFolder(options: {
  root: string;
  id: RepositoryId;
  folder: string;
  branch: string;
  message: string;
  author: Author;
}): Promise<{ commit: string }> {
  const { root, id, folder, branch, message, author } = options;
  const target = join(root, id.owner, `${id.name}.git`);
  if (await fs.pathExists(target)) {
    throw new ConflictError(`Repository ${id.owner}/${id.name} exists.`);
  }

  const building = join(root, '.building', randomUUID());
  const env = {
    GIT_DIR: building,
    GIT_WORK_TREE: folder,
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  try {
    await fs.ensureDir(dirname(building));
    await git(root, ['init', '--quiet', '--bare', '-b', branch, building]);
    await git(folder, ['add', '--all', '--force', '.'], { env });
    await git(folder, ['commit', '--quiet', '--no-verify', '-m', message], {
      env,
    });
    await fs.remove(join(building, 'index'));
    const commit = await git(building, ['rev-parse', 'HEAD']);

    await fs.ensureDir(dirname(target));
    // Unlike a copy, this cannot be seen half done; it fails if another creation came first.
    await fs.rename(building, target).catch(error => {
      throw error.code === 'ENOTEMPTY' || error.code === 'EEXIST'
        ? new ConflictError(`Repository ${id.owner}/${id.name} exists.`)
        : error;
    });
    return { commit: commit.toString().trim() };
  } finally {
    await fs.remove(building);
  }
}
