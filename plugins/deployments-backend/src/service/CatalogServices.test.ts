import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { CatalogServices } from './CatalogServices';

function servicesBy(annotations: Record<string, string>) {
  return new CatalogServices({
    auth: mockServices.auth(),
    catalog: catalogServiceMock({
      entities: [
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name: 'x', namespace: 'default', annotations },
        },
      ],
    }),
    imagePrefix: 'registry.test/',
    repositories: EntityRepositories.fromConfig(
      mockServices.rootConfig({
        data: { integrations: { gitea: [{ host: 'git.test' }] } },
      }),
    ),
  });
}

describe('the repository of a service', () => {
  it('is that which its file was read from, whatever the file says', async () => {
    const services = servicesBy({
      'backstage.io/managed-by-location':
        'url:https://git.test/shop/x/src/branch/main/catalog-info.yaml',
      'backstage.io/source-location': 'url:https://git.test/victim/private/',
    });
    expect(await services.get('x')).toMatchObject({
      image: 'registry.test/x',
      repository: 'https://git.test/shop/x',
    });
  });

  it('is not known where no place of the file is', async () => {
    const { repository } = await servicesBy({}).get('x');
    expect(repository).toBeUndefined();
  });
});
