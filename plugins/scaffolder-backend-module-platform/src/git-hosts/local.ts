import { NotFoundError } from '@backstage/errors';
import { repositoryPagePath } from '@highroad/plugin-local-repositories-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { parse } from 'yaml';
import { GitHost, TEMPLATE_RECORD } from './GitHost';

/** Bare repositories on the portal's machine, for a first try without any Git host. */
export function createLocalGitHost(options: {
  repositories: LocalRepositories;
  portalUrl: string;
}): GitHost {
  const { repositories } = options;
  const portalUrl = options.portalUrl.replace(/\/$/, '');

  return {
    info: {
      host: 'local',
      kind: 'local',
      title: 'This machine',
      defaultOwner: '',
    },

    addresses: (repository, branch) => ({
      url: portalUrl + repositoryPagePath(repository),
      cloneUrl: repositories.directory(repository),
      catalogInfoUrl:
        portalUrl +
        repositoryPagePath(repository, {
          ref: branch,
          path: 'catalog-info.yaml',
        }),
      repoUrl: `local?owner=${repository.owner}&repo=${repository.name}`,
    }),

    // A repository on this machine appears whole or not at all, so it is never empty.
    async inspect(repository, branch) {
      if (!(await repositories.exists(repository))) return { state: 'absent' };
      try {
        const record = await repositories.read(
          repository,
          branch,
          TEMPLATE_RECORD,
        );
        return { state: 'used', record: parse(record.toString('utf8')) };
      } catch (error) {
        if (error instanceof NotFoundError) return { state: 'used' };
        throw error;
      }
    },

    discardEmpty: async () => false,

    // It is made in one go, under no mark; a bare repository shows no description.
    describe: async () => {},
  };
}
