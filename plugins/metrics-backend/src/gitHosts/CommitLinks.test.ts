import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { GitHosts } from '@highroad/plugin-platform-node/git-hosts';
import { CatalogCommitLinks } from './CommitLinks';

const SHA = '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12';

describe('pages of commits', () => {
  const config = mockServices.rootConfig({
    data: {
      integrations: {
        github: [{ host: 'github.com' }],
        gitea: [{ host: 'git.test', baseUrl: 'https://git.test/forge' }],
      },
    },
  });
  const service = (name: string, file: string) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      ...{ name, namespace: 'default' },
      annotations: { 'backstage.io/managed-by-location': file },
    },
  });
  const links = new CatalogCommitLinks({
    auth: mockServices.auth(),
    catalog: catalogServiceMock({
      entities: [
        service(
          'cart',
          'url:https://github.com/acme/cart/blob/main/catalog-info.yaml',
        ),
        service(
          'stock',
          'url:https://git.test/forge/acme/stock/src/branch/main/x.yaml',
        ),
        service('local', 'file:/srv/local/catalog-info.yaml'),
      ],
    }),
    hosts: GitHosts.fromConfig(config),
    repositories: EntityRepositories.fromConfig(config),
  });

  it.each([
    ['cart', `https://github.com/acme/cart/commit/${SHA}`],
    ['stock', `https://git.test/forge/acme/stock/commit/${SHA}`],
    ['local', undefined],
    ['gone', undefined],
  ])('are those of the host that %s is read from', async (name, page) => {
    const ref = `component:default/${name}`;
    const link = await links.of([ref]);
    expect(link(ref, SHA)).toBe(page);
  });

  it('are there for commits only, and for services that were asked for', async () => {
    const link = await links.of(['component:default/cart']);
    expect(link('component:default/cart', '42')).toBeUndefined();
    expect(link('component:default/stock', SHA)).toBeUndefined();
    expect((await links.of([]))('component:default/cart', SHA)).toBeUndefined();
  });
});
