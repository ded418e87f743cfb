import { Entity } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { CatalogRepositoryOwners } from './RepositoryOwners';

const config = mockServices.rootConfig({
  data: {
    integrations: {
      github: [{ host: 'github.com', token: 'x' }],
      gitea: [{ host: 'git.test', baseUrl: 'https://git.test/git' }],
    },
    platform: {
      pullRequests: {
        hosts: ['github.com', 'git.test'].map(host => ({
          ...{ host, webhookSecret: 'a-secret-of-the-webhooks' },
        })),
      },
    },
  },
});
const hosts = PullRequestHosts.fromConfig(config);

function component(
  name: string,
  owner: string,
  annotations: Record<string, string>,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', annotations },
    relations: [{ type: 'ownedBy', targetRef: `group:default/${owner}` }],
  };
}

function ownersBy(entities: Entity[]) {
  let time = 0;
  const catalog = catalogServiceMock({ entities });
  const asked = jest.spyOn(catalog, 'getEntities');
  return {
    asked,
    later: (ms: number) => {
      time += ms;
    },
    owners: new CatalogRepositoryOwners({
      ...{ catalog, hosts, auth: mockServices.auth() },
      now: () => new Date(time),
      repositories: EntityRepositories.fromConfig(config),
    }),
  };
}

const READ_FROM = 'backstage.io/managed-by-location';
const SAYS = 'backstage.io/source-location';

describe('whose a repository is', () => {
  it('says the catalog, by where a service’s file was read from', async () => {
    const { owners } = ownersBy([
      component('cart', 'shop', {
        [READ_FROM]:
          'url:https://github.com/Acme/cart/blob/main/catalog-info.yaml',
      }),
      component('stock', 'warehouse', {
        [READ_FROM]:
          'url:https://git.test/git/acme/stock/src/branch/main/x.yaml',
      }),
      component('elsewhere', 'shop', {
        [READ_FROM]: 'url:https://gitlab.com/acme/cart/blob/main/x.yaml',
      }),
      component('local', 'shop', { [READ_FROM]: 'file:/srv/x.yaml' }),
    ]);
    expect(await owners.all()).toHaveLength(2);
    expect(
      await owners.find('github.com', { owner: 'acme', name: 'CART' }),
    ).toMatchObject({
      services: [
        { ref: 'component:default/cart', owner: 'group:default/shop' },
      ],
    });
    expect(
      await owners.find('git.test', { owner: 'acme', name: 'stock' }),
    ).toMatchObject({ host: 'git.test' });
  });

  it('is not waited for longer than a while where the catalog does not answer', async () => {
    const catalog = catalogServiceMock({ entities: [] });
    jest
      .spyOn(catalog, 'getEntities')
      .mockImplementation(() => new Promise(() => {}));
    const owners = new CatalogRepositoryOwners({
      ...{ catalog, hosts, auth: mockServices.auth(), now: () => new Date() },
      repositories: EntityRepositories.fromConfig(config),
      answerMs: 20,
    });
    await expect(owners.all()).rejects.toThrow(
      /the catalog did not answer within/,
    );
  });

  it('is told the other way too: which repository a service is in', async () => {
    const { owners, asked, later } = ownersBy([
      component('cart', 'shop', {
        [READ_FROM]: 'url:https://github.com/acme/cart/blob/main/x.yaml',
      }),
    ]);
    expect(await owners.ofService('component:default/cart')).toMatchObject({
      ...{ host: 'github.com', owner: 'acme', name: 'cart' },
    });
    expect(await owners.ofService('component:default/new')).toBeUndefined();
    expect(asked).toHaveBeenCalledTimes(1);
    later(3_000);
    // It may have been registered just now.
    expect(await owners.ofService('component:default/new')).toBeUndefined();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is nobody’s by what another file claims', async () => {
    const { owners } = ownersBy([
      component('cart', 'shop', {
        [READ_FROM]: 'url:https://github.com/acme/cart/blob/main/x.yaml',
      }),
      component('thief', 'thieves', {
        [READ_FROM]: 'url:https://github.com/thieves/den/blob/main/x.yaml',
        [SAYS]: 'url:https://github.com/acme/cart/',
      }),
      component('other', 'thieves', {
        [READ_FROM]: 'url:https://github.com/thieves/den/blob/main/y.yaml',
        [SAYS]: 'url:https://github.com/acme/unregistered/',
      }),
    ]);
    const found = await owners.find('github.com', {
      ...{ owner: 'acme', name: 'cart' },
    });
    expect(found?.services.map(({ owner }) => owner)).toEqual([
      'group:default/shop',
    ]);
    expect(
      await owners.find('github.com', { owner: 'acme', name: 'unregistered' }),
    ).toBeUndefined();
  });

  it('is not also that of whoever pushed a file to a fork, which the host shows at its commit', async () => {
    const { owners } = ownersBy([
      component('cart', 'shop', {
        [READ_FROM]: 'url:https://github.com/acme/cart/blob/main/x.yaml',
      }),
      component('thief', 'thieves', {
        [READ_FROM]: `url:https://github.com/acme/cart/blob/${'a1'.repeat(
          20,
        )}/x.yaml`,
      }),
    ]);
    expect(
      (await owners.all()).flatMap(({ services }) =>
        services.map(({ owner }) => owner),
      ),
    ).toEqual(['group:default/shop']);
  });

  it('is what a file says that the configuration names', async () => {
    const { owners } = ownersBy([
      component('cart', 'shop', {
        [READ_FROM]: 'file:/srv/organization.yaml',
        [SAYS]: 'url:https://github.com/acme/cart/',
      }),
    ]);
    expect(
      await owners.find('github.com', { owner: 'acme', name: 'cart' }),
    ).toMatchObject({ services: [{ owner: 'group:default/shop' }] });
  });

  it('is asked again soon for one that is not known, and seldom for others', async () => {
    const { owners, asked, later } = ownersBy([]);
    const cart = { owner: 'acme', name: 'cart' };
    await owners.find('github.com', cart);
    await owners.find('github.com', cart);
    expect(asked).toHaveBeenCalledTimes(1);
    later(3_000);
    expect(await owners.find('github.com', cart)).toBeUndefined();
    expect(asked).toHaveBeenCalledTimes(2);
    later(1_000);
    await owners.all();
    expect(asked).toHaveBeenCalledTimes(2);
  });
});

describe('the hosts whose pull requests get environments', () => {
  const from = (data: object) => () =>
    PullRequestHosts.fromConfig(mockServices.rootConfig({ data }));
  const hostAs = (host: object) => ({
    integrations: { github: [{ host: 'github.com', token: 'x' }] },
    platform: { pullRequests: { hosts: [host] } },
  });

  it('are none where none is named', () => {
    expect(from({})().all()).toEqual([]);
  });

  it.each([
    [
      'a short secret',
      { host: 'github.com', webhookSecret: 'x' },
      /at least 16/,
    ],
    ['no secret', { host: 'github.com' }, /hosts\[0\]\.webhookSecret/],
    [
      'a host without credentials',
      { host: 'git.example.com', webhookSecret: 'a-secret-of-the-webhooks' },
      /git\.example\.com is not under integrations/,
    ],
  ])('stop the start with %s', (_, host, why) => {
    expect(from(hostAs(host))).toThrow(why);
  });
});
