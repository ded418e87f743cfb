import { createMockDirectory } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { JsonObject } from '@backstage/types';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { runAction } from '../__testUtils__/runAction';
import { GitHosts } from '../git-hosts/GitHosts';
import { createLocalGitHost } from '../git-hosts/local';
import { ServiceNames } from '../service/ServiceNames';
import { createClaimAction } from './claim';

const entity = (kind: string, name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name },
});

describe('platform:service:claim', () => {
  const mock = createMockDirectory();
  const catalog = catalogServiceMock({
    entities: [
      entity('Group', 'payments-team'),
      entity('System', 'billing'),
      entity('Component', 'taken'),
      entity('Resource', 'wallet-db'),
      entity('API', 'orders'),
    ],
  });

  const claim = (input: JsonObject) => {
    const repositories = new LocalRepositories(mock.resolve('repositories'));
    const host = createLocalGitHost({
      repositories,
      portalUrl: 'http://localhost:3000',
    });
    const action = createClaimAction({
      names: new ServiceNames({
        ...{ catalog, gitHosts: new GitHosts([host]) },
        running: { before: async () => undefined },
      }),
      catalog,
      domain: 'apps.example.com',
      now: () => new Date('2026-01-31T23:59:00Z'),
    });
    return runAction(action, {
      name: 'cart',
      owner: 'payments-team',
      ...input,
    });
  };
  /** What a creation leaves behind that was stopped after publishing. */
  const leaveUnfinished = async (answers: object) => {
    mock.setContent({
      repositories: {},
      workspace: {
        platform: {
          'template.yaml': JSON.stringify({
            values: { name: 'cart' },
            answers,
          }),
        },
      },
    });
    await new LocalRepositories(mock.resolve('repositories')).publish({
      id: { owner: 'payments-team', name: 'cart' },
      folder: mock.resolve('workspace'),
      branch: 'main',
      message: 'x',
      author: { name: 'a', email: 'a@example.com' },
    });
  };

  beforeEach(() => mock.setContent({ repositories: {} }));

  it('returns every address that the service will have', async () => {
    expect(await claim({ system: 'billing' })).toEqual({
      unfinished: false,
      abandoned: '',
      mark: 'Being created (creation mock-task-id)',
      gitHost: 'local',
      host: 'local',
      owner: 'group:default/payments-team',
      ownerName: 'payments-team',
      system: 'system:default/billing',
      systemName: 'billing',
      repository: {
        owner: 'payments-team',
        slug: 'payments-team/cart',
        path: 'apps.example.com/payments-team/cart',
        url: 'http://localhost:3000/repositories/payments-team/cart',
        defaultBranch: 'main',
      },
      repoUrl: 'local?owner=payments-team&repo=cart',
      cloneUrl: mock.resolve('repositories/payments-team/cart.git'),
      catalogInfoUrl:
        'http://localhost:3000/repositories/payments-team/cart/blob/main/catalog-info.yaml',
      image: 'registry.local/payments-team/cart',
      domain: 'apps.example.com',
      canaryRouter: 'none',
      entityRef: 'component:default/cart',
      date: '2026-01-31',
    });
  });

  it.each([
    [{ name: 'Cart' }, 'InputError', /lower-case/],
    [{ name: 'taken' }, 'ConflictError', /There is a taken in the catalog/],
    [{ owner: 'payment-team' }, 'InputError', /Did you mean payments-team\?/],
    [{ system: 'biling' }, 'InputError', /system "biling".*mean billing/],
    [{ gitHost: 'gitlab.com' }, 'InputError', /not connected/],
    [{ owner: 'component:default/taken' }, 'InputError', /must be a team/],
    [{ owner: 'user:default/jane' }, 'InputError', /is a user; .* be a team/],
    [
      { system: 'group:default/payments-team' },
      'InputError',
      /must be a system/,
    ],
    [{ owner: ':' }, 'InputError', /not a name in the catalog/],
    [{ name: 'wallet' }, 'ConflictError', /the resource wallet-db/],
    [{ name: 'orders' }, 'ConflictError', /the api orders/],
    [{ gitOwner: '../../../../tmp' }, 'InputError', /owner .* not valid/],
    [{ gitOwner: 'Payments' }, 'InputError', /lower-case/],
  ])('refuses %j', async (input, name, message) => {
    await expect(claim(input)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it.each(['billing', 'default/billing', 'system:default/billing'])(
    'takes the system %s for the same',
    async system => {
      expect(await claim({ system })).toMatchObject({
        system: 'system:default/billing',
        systemName: 'billing',
      });
    },
  );

  it('refuses a name whose repository somebody else made', async () => {
    mock.setContent({ repositories: {}, workspace: { 'README.md': 'mine' } });
    await new LocalRepositories(mock.resolve('repositories')).publish({
      id: { owner: 'payments-team', name: 'cart' },
      folder: mock.resolve('workspace'),
      branch: 'main',
      message: 'x',
      author: { name: 'a', email: 'a@example.com' },
    });
    await expect(claim({})).rejects.toMatchObject({ name: 'ConflictError' });
  });

  it('takes up a creation that got as far as its repository, with the same answers', async () => {
    await leaveUnfinished({ name: 'cart', language: 'go', system: '' });
    const answers = { name: 'cart', language: 'go', preview: null };
    expect(await claim({ answers })).toMatchObject({ unfinished: true });
  });

  it('does not mix two creations of one name with other answers', async () => {
    await leaveUnfinished({ name: 'cart', language: 'go' });
    const answers = { name: 'cart', language: 'python' };
    await expect(claim({ answers })).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringMatching(/with other answers/),
    });
  });
});
