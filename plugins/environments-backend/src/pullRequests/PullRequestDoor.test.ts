import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { environmentOperations } from '@highroad/plugin-environments-common';
import { commitOf } from '../drivers/gitHosts/__testUtils__/GithubServer';
import { pullRequestImplementations } from '../pullRequestImplementations';
import {
  MANIFEST,
  OWNER,
  PullRequestWorld,
} from './__testUtils__/PullRequestWorld';
import { SETTINGS } from './__testUtils__/EnvironmentsInMemory';
import { Provisioning } from './Provisioning';
import { PullRequestDoor } from './PullRequestDoor';
import { PullRequestRecorder } from './PullRequestRecorder';
import { PullRequestRef } from './PullRequestRef';

const credentials = mockCredentials.user('user:default/ann');

describe('a pull request by its address', () => {
  let world: PullRequestWorld;
  let wants: PullRequestRef[];
  /** For whom the caller may make environments */
  let mine: string[];

  beforeEach(async () => {
    world = new PullRequestWorld();
    await world.start();
    [wants, mine] = [[], [OWNER]];
  });
  afterEach(() => world.server.stop());

  const address = (number = 12) => {
    const host = world.hosts.all()[0];
    const pages = host.repositoryUrl({ owner: 'acme', name: 'cart' });
    return `${pages}/pull/${number}`;
  };
  function operations() {
    const { environments, hosts, now, auditor, ownersOf: owners } = world;
    const recorder = new PullRequestRecorder({ auditor });
    const door = new PullRequestDoor({
      ...{ environments, hosts, now, owners },
      provisioning: new Provisioning({
        ...{ drivers: ['server'], environments, now, owners, recorder },
      }),
      store: {
        find: async ref => ({
          ...{ id: 1, ref, memory: world.memory },
          ...{ tries: 0, generation: 1, token: 1 },
        }),
        revive: async () => {
          world.memory = {
            ...world.memory,
            ...{ ended: undefined, applied: undefined },
          };
        },
      },
      want: async ref => {
        wants.push(ref);
        await world.look(ref.number);
      },
    });
    return pullRequestImplementations({
      ...{ door, now: world.now, settings: SETTINGS },
      auth: mockServices.auth(),
      catalog: catalogServiceMock(),
      permissions: mockServices.permissions.mock({
        authorize: async requests =>
          requests.map(request => ({
            result:
              'resourceRef' in request &&
              mine.includes(String(request.resourceRef))
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
          })),
      }),
    });
  }
  const call = (url: string) => ({
    ...{ input: { url }, credentials, note: () => {} },
    ...{ correlation: 'one', door: 'portal' as const },
    actor: { kind: 'user' as const, ref: 'user:default/ann' },
    signal: new AbortController().signal,
    decision: { result: AuthorizeResult.ALLOW } as const,
    visible: async () => undefined,
  });
  const preview = async (url = address()) =>
    environmentOperations.previewPullRequest.output.parse(
      await operations().previewPullRequest.handle(call(url)),
    );
  const bring = async (url = address()) =>
    environmentOperations.bringPullRequest.output.parse(
      await operations().bringPullRequest.handle(call(url)),
    );

  it('shows what would be made, with its placeholders filled in, and makes nothing', async () => {
    world.push(12, MANIFEST);
    const shown = await preview(`${address()}/files?w=1`);
    expect(shown).toMatchObject({
      name: world.name(12),
      ...{ owner: OWNER, problems: [], upToDate: false },
      manifest: expect.stringContaining(`image: myorg/cart:${commitOf(12)}`),
    });
    expect(shown).not.toHaveProperty('environment');
    expect(world.environments.writes).toBe(0);
    expect(wants).toEqual([]);
    expect(world.said()).toBe('');
  });

  it('is brought by the one who looks at pull requests, with its comment and its record', async () => {
    world.push(12, MANIFEST);
    const { name, environment } = await bring();
    expect(environment).toMatchObject({ name, owner: OWNER });
    expect(wants).toEqual([world.ref(12)]);
    expect(world.recorded).toEqual(['pull-request-apply']);
    expect(world.said()).not.toBe('');
    expect(await preview()).toMatchObject({
      upToDate: true,
      environment: { name },
    });
  });

  it('comes back after it had ended', async () => {
    world.push(12, MANIFEST);
    await bring();
    await world.look();
    world.environments.vanish(world.name(12));
    await world.look();
    // The control: a look alone leaves it ended.
    expect(world.environments.kept.size).toBe(0);
    expect(await preview()).toMatchObject({ upToDate: false });
    expect((await bring()).environment).toBeDefined();
  });

  it('says every problem of its manifest by field, and is not made', async () => {
    world.push(12, MANIFEST.replace('ttl: 7d', 'ttl: a week\n  keep: maybe'));
    const { problems } = await preview();
    expect(problems.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['spec.ttl', 'spec.keep']),
    );
    await expect(bring()).rejects.toThrow(/spec\.ttl/);
    expect(wants).toEqual([]);
  });

  it('is not made from a fork that nobody approved, without a manifest, or when it is closed', async () => {
    world.push(12, MANIFEST);
    world.server.set(12, { fork: true });
    expect((await preview()).obstacle).toContain(
      `/platform approve ${commitOf(12)}`,
    );
    await expect(bring()).rejects.toThrow(/comes from a fork/);
    world.push(13, undefined);
    expect((await preview(address(13))).obstacle).toMatch(
      /preview\.yaml is not/,
    );
    world.push(14, MANIFEST);
    world.server.set(14, { state: 'closed' });
    expect((await preview(address(14))).obstacle).toMatch(/is closed/);
    expect(wants).toEqual([]);
    expect(world.environments.writes).toBe(0);
  });

  it('asks no Git host about a repository that no service is in, nor elsewhere', async () => {
    world.push(12, MANIFEST);
    const target = (url: string) =>
      operations().bringPullRequest.target?.({ url }, credentials);
    await expect(target('https://elsewhere.test/a/b/pull/1')).rejects.toThrow(
      /is at no Git host/,
    );
    await expect(target(address().replace('/pull/12', ''))).rejects.toThrow(
      /is no pull request/,
    );
    world.owners = [];
    await expect(target(address())).rejects.toThrow(
      /No service of the catalog/,
    );
    expect(world.server.seen).toEqual([]);
  });

  it('is chosen among those of a service that are open, the newest first', async () => {
    world.push(12, MANIFEST);
    world.push(13, MANIFEST);
    world.server.set(13, { fork: true });
    world.push(14, MANIFEST);
    world.server.set(14, { state: 'closed' });
    const service = 'component:default/cart';
    const listed = environmentOperations.openPullRequests.output.parse(
      await operations().openPullRequests.handle({
        ...call(''),
        input: { service: 'cart' },
      }),
    );
    expect(listed).toMatchObject({ repository: 'acme/cart', more: 0 });
    expect(listed.items.map(({ number }) => number)).toEqual([13, 12]);
    expect(listed.items[0]).toMatchObject({ fork: true });
    expect(listed.items[1]).toMatchObject({
      ...{ title: 'Change 12', environment: world.name(12), fork: false },
      url: expect.stringContaining('/pull/12'),
    });
    world.owners = [];
    await expect(
      operations().openPullRequests.handle({ ...call(''), input: { service } }),
    ).rejects.toThrow(/is in no repository at a Git host/);
  });

  it('is not listed of a service that the catalog does not know, nor by what is no name', async () => {
    const target = (service: string) =>
      operations().openPullRequests.target?.({ service }, credentials);
    await expect(target('component:default/none')).rejects.toThrow(
      /no service component:default\/none in the catalog/,
    );
    await expect(target(':')).rejects.toThrow(/no reference/);
    expect(world.server.seen).toEqual([]);
  });

  it('is not read by a right to a service of another repository', async () => {
    world.push(12, MANIFEST);
    const read = (service: string) =>
      operations().previewPullRequest.handle({
        ...call(address()),
        input: { url: address(), service },
      });
    await expect(read('component:default/another')).rejects.toThrow(
      /another is not in acme\/cart/,
    );
    expect(world.server.seen).toEqual([]);
    // The control: one that is in it.
    expect(await read('component:default/cart')).toMatchObject({
      owner: OWNER,
    });
  });

  it('is decided on whose it would be, where services of several owners are in the repository', async () => {
    const other = 'group:default/other-team';
    world.owners = [other, OWNER];
    world.push(12, MANIFEST.replace('ttl: 7d', `ttl: 7d\n  owner: ${other}`));
    expect(
      await operations().bringPullRequest.target?.(
        { url: address() },
        credentials,
      ),
    ).toMatchObject({ resource: OWNER });
    await expect(preview()).rejects.toThrow(
      /would be one of group:default\/other/,
    );
    await expect(bring()).rejects.toThrow(
      /would be one of group:default\/other/,
    );
    mine = [other];
    expect(await preview()).toMatchObject({ owner: other });
  });
});
