import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { CatalogRepositories } from './CatalogRepositories';

const OWNER = 'group:default/shop';

function repositoriesBy(annotations: Record<string, string>) {
  return new CatalogRepositories({
    auth: mockServices.auth(),
    catalog: catalogServiceMock({
      entities: [
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name: 'x', namespace: 'default', annotations },
          relations: [{ type: 'ownedBy', targetRef: OWNER }],
        },
      ],
    }),
    repositories: EntityRepositories.fromConfig(
      mockServices.rootConfig({
        data: { integrations: { gitea: [{ host: 'git.test' }] } },
      }),
    ),
  });
}

describe('repositories of services', () => {
  it('are those that services’ files were read from, whatever these say', async () => {
    const repositories = repositoriesBy({
      'backstage.io/managed-by-location':
        'url:https://git.test/shop/x/src/branch/main/catalog-info.yaml',
      'backstage.io/source-location': 'url:https://git.test/victim/private/',
    });
    expect(await repositories.repositoryOf('x', OWNER)).toBe(
      'https://git.test/shop/x',
    );
  });

  it('are only those of services of the owner', async () => {
    const repositories = repositoriesBy({
      'backstage.io/managed-by-location':
        'url:https://git.test/shop/x/src/branch/main/catalog-info.yaml',
    });
    expect(
      await repositories.repositoryOf('x', 'group:default/thieves'),
    ).toBeUndefined();
    expect(await repositories.repositoryOf('y', OWNER)).toBeUndefined();
  });
});
