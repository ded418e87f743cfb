import { folderOf, pathOf, serviceOf } from './SecretPath';

describe('paths in Vault', () => {
  it.each([
    ['component:default/cart', 'cart'],
    ['component:default/cart.staging', 'cart.staging'],
    ['component:shop/cart', 'component:shop:cart'],
    ['api:default/cart', 'api:default:cart'],
  ])('have a folder of its own for %s', (service, folder) => {
    expect(folderOf(service)).toBe(folder);
    expect(serviceOf(folder)).toBe(service);
  });

  it.each(['a:b', 'a:b:c:d', 'a::c', '', 'Cart', 'Component:shop:cart'])(
    'are not those of a service where somebody made the folder "%s"',
    folder => {
      expect(serviceOf(folder)).toBeUndefined();
    },
  );

  it('are environment, service and key', () => {
    expect(
      pathOf({
        service: 'component:default/cart',
        environment: 'staging',
        key: 'DATABASE_URL',
      }),
    ).toBe('staging/cart/DATABASE_URL');
  });
});
