import { isOfRepository } from './isOfRepository';

const pullRequest = { host: 'git.test:8443', repository: 'Acme/cart' };

describe('an address in a repository', () => {
  it.each([
    'https://git.test:8443/acme/cart',
    'https://git.test:8443/acme/cart/',
    'url:https://git.test:8443/ACME/Cart/src/branch/main/catalog-info.yaml',
  ])('is known as of the one of a pull request: %s', address => {
    expect(isOfRepository(pullRequest, address)).toBe(true);
  });

  it.each([
    'https://git.test:8443/acme/cart-two',
    'https://git.test:8443/other/acme/cart-two/x',
    'https://git.test/acme/cart',
    'https://evil-git.test:8443/acme/cart',
    '',
  ])('is not taken for another one: %s', address => {
    expect(isOfRepository(pullRequest, address)).toBe(false);
  });
});
