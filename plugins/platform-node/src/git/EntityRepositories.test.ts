import { Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import { EntityRepositories } from './EntityRepositories';

const repositories = EntityRepositories.fromConfig(
  new ConfigReader({
    app: { baseUrl: 'http://localhost:3000' },
    integrations: {
      github: [{ host: 'github.com', token: 'x' }],
      gitea: [
        { host: 'git.test', baseUrl: 'https://git.test/git' },
        { host: 'gitea.test' },
      ],
    },
    platform: { localRepositories: { directory: '/srv/repositories' } },
  }),
);

function repositoryOf(places: {
  readFrom?: string;
  origin?: string;
  says?: string;
}): string | undefined {
  const annotations = {
    ...(places.readFrom && {
      'backstage.io/managed-by-location': places.readFrom,
    }),
    ...(places.origin && {
      'backstage.io/managed-by-origin-location': places.origin,
    }),
    ...(places.says && { 'backstage.io/source-location': places.says }),
  };
  const entity: Entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'x', annotations },
  };
  return repositories.repositoryOf(entity);
}

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const PRIVATE = 'https://github.com/victim/private';
const LOCAL = 'http://localhost:3000/repositories/shop/cart';

describe('the repository of what the catalog has', () => {
  it.each([
    [
      'https://github.com/acme/cart/blob/main/catalog-info.yaml',
      'https://github.com/acme/cart',
    ],
    [
      'https://github.com/acme/cart/tree/main/services/a/catalog-info.yaml',
      'https://github.com/acme/cart',
    ],
    [
      'https://gitea.test/acme/stock/src/branch/main/catalog-info.yaml',
      'https://gitea.test/acme/stock',
    ],
    [
      'https://git.test/git/acme/stock/src/branch/main/a/catalog-info.yaml',
      'https://git.test/git/acme/stock',
    ],
    [`${LOCAL}/blob/main/catalog-info.yaml`, LOCAL],
    [`${LOCAL}/blob/feature%2Fx/my%20service/catalog-info.yaml`, LOCAL],
  ])('is that which its file was read from: %s', (file, repository) => {
    expect(repositoryOf({ readFrom: `url:${file}` })).toBe(repository);
  });

  it('is not another’s that its file names', () => {
    expect(
      repositoryOf({
        readFrom: 'url:https://github.com/thief/den/blob/main/x.yaml',
        says: `url:${PRIVATE}/`,
      }),
    ).toBe('https://github.com/thief/den');
    expect(
      repositoryOf({
        readFrom: 'url:https://gitlab.com/thief/den/-/blob/main/x.yaml',
        says: `url:${PRIVATE}/`,
      }),
    ).toBeUndefined();
  });

  it('is what the file says where the configuration names the file', () => {
    const says = `url:${LOCAL}/`;
    expect(
      repositoryOf({ readFrom: 'file:/srv/organization.yaml', says }),
    ).toBe(`${LOCAL}/`);
    expect(repositoryOf({ readFrom: 'file:/srv/organization.yaml' })).toBe(
      undefined,
    );
    expect(repositoryOf({})).toBeUndefined();
    // A file on this machine that somebody's registered file led to
    expect(
      repositoryOf({
        ...{ readFrom: 'file:/srv/organization.yaml', says },
        origin: 'url:https://github.com/thief/den/blob/main/x.yaml',
      }),
    ).toBeUndefined();
  });

  it.each([
    ['a commit, which may be of a fork', `blob/${COMMIT}/x.yaml`],
    ['the beginning of a commit', 'blob/0123456/x.yaml'],
    ['a commit after a tag', 'blob/x-1-g0123456/x.yaml'],
    ['a pull request', 'blob/refs/pull/1/head/x.yaml'],
    ['a pull request in short', 'blob/pull/1/head/x.yaml'],
    ['an escaped pull request', 'blob/refs%2Fpull%2F1%2Fhead/x.yaml'],
    ['no file', 'blob/main'],
    ['no branch', 'issues/1/x.yaml'],
    // All that follows is read elsewhere than it seems.
    ['a way out', 'blob/main/../../../../thief/den/blob/main/x.yaml'],
    ['an escaped way out', 'blob/main/%2e%2e/%2e%2e/repos/x.yaml'],
    ['an escaped question', `blob/main/x.yaml%3Fref=${COMMIT}`],
    [
      'the address of another kind of host',
      'blob/main/projects/thief/repos/den/raw/x.yaml?at=main',
    ],
    ['a mark of another kind of host', 'blob/main/-/blob/main/x.yaml'],
    ['a part without a name', 'blob/main//x.yaml'],
    ['a group within a group', 'x/blob/main/x.yaml'],
  ])('is not known by an address with %s', (_, inside) => {
    expect(
      repositoryOf({ readFrom: `url:${PRIVATE}/${inside}` }),
    ).toBeUndefined();
  });

  it.each([
    `https://gitea.test/victim/private/src/commit/${COMMIT}/x.yaml`,
    `https://gitea.test/victim/private/src/branch/${COMMIT}/x.yaml`,
    `https://gitea.test//victim/private/src/branch/main/x.yaml`,
    `https://git.test/victim/private/src/branch/main/x.yaml`,
    `https://thief@github.com/victim/private/blob/main/x.yaml`,
    `http://github.com/victim/private/blob/main/x.yaml`,
    `${LOCAL}/blob/${COMMIT}/x.yaml`,
    `${LOCAL}/blob/main/..%2Fx.yaml`,
    `${LOCAL}/blob/%/x.yaml`,
    'no address',
  ])('is not known by %s', file => {
    expect(repositoryOf({ readFrom: `url:${file}` })).toBeUndefined();
  });
});
