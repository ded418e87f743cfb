import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { PlatformSecrets } from './PlatformSecrets';

const never = () => new Promise<never>(() => {});

describe('secrets as the platform keeps them', () => {
  it('are waited for no longer than a while, nor is the catalog', async () => {
    const catalog = catalogServiceMock();
    jest.spyOn(catalog, 'getEntityByRef').mockImplementation(never);
    const secrets = new PlatformSecrets({
      ...{ auth: mockServices.auth(), catalog, from: 'staging' },
      ...{ secrets: { lend: never, newest: never }, now: () => new Date() },
      answerMs: 50,
    });
    const cart = 'component:default/cart';
    await expect(secrets.ownerOf(cart)).rejects.toThrow(
      `Asked whose ${cart} is, the catalog did not answer`,
    );
    await expect(secrets.newest(cart)).rejects.toThrow(/did not answer/);
    await expect(secrets.lend(cart, ['A'], 'demo')).rejects.toThrow(
      /did not answer/,
    );
  });
});
