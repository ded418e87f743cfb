import { mockServices } from '@backstage/backend-test-utils';
import {
  RepositoryLocation,
  RepositoryLocator,
} from '@highroad/plugin-platform-node/git';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { GiteaRepository } from '../gitHosts/__testUtils__/GiteaRepository';
import { resolveCommit } from './resolveCommit';

describeWithSandbox(
  'the commit that a revision stands for on Gitea',
  ['git-host'],
  sandbox => {
    let repository: GiteaRepository;
    const { signal } = new AbortController();

    const locate = (name: string): Promise<RepositoryLocation> => {
      const { address, username, password } = repository.gitHost;
      const { host } = new URL(address);
      return RepositoryLocator.fromConfig(
        mockServices.rootConfig({
          data: {
            integrations: {
              gitea: [{ host, baseUrl: address, username, password }],
            },
          },
        }),
      ).locate(`${address}/${repository.owner}/${name}`);
    };

    beforeAll(async () => {
      repository = new GiteaRepository(await sandbox.gitHost());
      await repository.create();
    });

    it('is the newest of a branch or a tag, the newest at all, or the one that is named', async () => {
      const first = await repository.commit('main', 'a.txt', 'a');
      await repository.gitHost.request('POST', `${repository.path}/tags`, {
        ...{ tag_name: 'v1', target: first, message: 'The first' },
      });
      const change = await repository.commit('change', 'b.txt', 'b');
      const newest = await repository.commit('main', 'c.txt', 'c');
      const location = await locate(repository.name);
      const found = await Promise.all(
        ['v1', 'change', 'main', undefined, first].map(revision =>
          resolveCommit(location, revision, signal),
        ),
      );
      // A tag with a message is an object of its own, and stands for its commit.
      expect(found).toEqual([first, change, newest, newest, first]);
    });

    it('is not known for a branch or a repository that is not there', async () => {
      await expect(
        resolveCommit(await locate(repository.name), 'none', signal),
      ).rejects.toThrow(/has no branch or tag none/);
      await expect(
        resolveCommit(await locate('nothing'), undefined, signal),
      ).rejects.toThrow(/has no repository .*\/nothing/);
    });
  },
);
