import { NotFoundError } from '@backstage/errors';
import {
  localRepositoriesOperations,
  parseRepositoryId,
  RepositoryId,
} from '@highroad/plugin-local-repositories-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { Implementations } from '@highroad/plugin-platform-node';

/** @param repositories - none where no folder for them is configured */
export function implementLocalRepositories(
  repositories: LocalRepositories | undefined,
): Implementations<typeof localRepositoriesOperations> {
  const kept = () => {
    if (!repositories) {
      throw new NotFoundError(
        'No repositories are kept on this machine: platform.localRepositories.directory is not set.',
      );
    }
    return repositories;
  };
  return {
    list: {
      handle: async () => ({ items: (await repositories?.list()) ?? [] }),
    },
    get: {
      handle: async ({ input }) => kept().get(idOf(input)),
    },
    tree: {
      handle: async ({ input }) => {
        const { ref, path } = input;
        const entries = await kept().tree(idOf(input), ref, path);
        return { ref, path, entries };
      },
    },
    file: {
      handle: async ({ input }) =>
        kept().show(idOf(input), input.ref, input.path),
    },
    commits: {
      handle: async ({ input }) => ({
        items: await kept().commits(idOf(input), input.ref),
      }),
    },
  };
}

function idOf({ owner, name }: RepositoryId): RepositoryId {
  return parseRepositoryId(owner, name);
}
