import {
  CommitCache,
  ManifestSource,
} from '@highroad/plugin-platform-node/manifests';
import { serviceFiles } from '@highroad/plugin-platform-node/manifests/testing';
import { join } from 'node:path';
import { RepositoriesOnDisk } from '../repositories/__testUtils__/RepositoriesOnDisk';
import { RepositoryManifests } from './RepositoryManifests';

describe('services’ own manifests', () => {
  let repositories: RepositoriesOnDisk;
  let first: string;
  let newest: string;
  let manifests: RepositoryManifests;

  beforeAll(async () => {
    repositories = await RepositoriesOnDisk.create();
    newest = await repositories.publish('cart', serviceFiles());
    first = await repositories.publish(
      'stock',
      serviceFiles({
        'deploy/overlays/preview/kustomization.yaml':
          'resources: [../../base]\nnamePrefix: own-\n',
      }),
    );
    await repositories.publish('bare', { 'README.md': 'Bare\n' });
    const { locator, services, folder } = repositories;
    manifests = new RepositoryManifests({
      ...{ locator, services, overlay: 'staging' },
      source: new ManifestSource({
        ...{ locator, cache: new CommitCache(join(folder, 'cache')) },
      }),
    });
  });
  afterAll(() => repositories.remove());

  const read = (
    name: string,
    options: {
      from?: object;
      spec?: object;
      commit?: string;
      owner?: string;
    } = {},
  ) => {
    const target = repositories.target(
      {
        services: [{ name, from: { service: name, ...options.from } }],
        ...options.spec,
      },
      options.owner,
    );
    const [service] = target.spec.services;
    return manifests.read(
      target,
      { ...service, from: service.from ?? { service: name } },
      {
        signal: new AbortController().signal,
        ...(options.commit && { commit: options.commit }),
      },
    );
  };
  const names = (
    objects: Array<{ kind: string; metadata: { name: string } }>,
  ) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

  it('are those of the newest commit, by the overlay that is configured', async () => {
    const { commit, objects } = await read('cart');
    expect(commit).toBe(newest);
    expect(names(objects)).toContain('Deployment cart');
    expect(objects.find(({ kind }) => kind === 'Deployment')).toMatchObject({
      spec: { replicas: 2 },
    });
  });

  it('are those of the overlay for previews where there is one, or of one that is named', async () => {
    expect(names((await read('stock')).objects)).toContain(
      'Deployment own-cart',
    );
    expect(
      names((await read('stock', { from: { overlay: 'staging' } })).objects),
    ).toContain('Deployment cart');
  });

  it('are read at the commit of the environment where that is of the same repository, and at none of another’s', async () => {
    const pullRequest = {
      ...{ host: 'localhost:3000', repository: 'shop/cart', number: 1 },
      ...{ branch: 'x', commit: newest },
    };
    const spec = { repository: repositories.addressOf('cart'), pullRequest };
    expect((await read('cart', { spec })).commit).toBe(newest);
    expect((await read('stock', { spec })).commit).toBe(first);
    const gone = 'd'.repeat(40);
    await expect(
      read('cart', { spec: { ...spec, revision: gone } }),
    ).rejects.toThrow(new RegExp(`${gone.slice(0, 7)}`));
    expect(
      (await read('stock', { spec: { ...spec, revision: gone } })).commit,
    ).toBe(first);
  });

  it('are read at the commit that they were read at before, if that is given', async () => {
    expect((await read('cart', { commit: newest })).commit).toBe(newest);
  });

  it.each([
    [
      'a service of another owner',
      'cart',
      { owner: 'group:default/thieves' },
      /no component:default\/cart of group:default\/thieves/,
    ],
    ['a service that is not known', 'unknown', {}, /give an image/],
    [
      'a branch that is not there',
      'cart',
      { from: { revision: 'none' } },
      /no branch or tag none/,
    ],
    [
      'a repository without manifests',
      'bare',
      {},
      /neither deploy\/overlays\/preview nor deploy\/overlays\/staging.*There is no folder in deploy\/overlays/s,
    ],
    [
      'an overlay that is not there',
      'cart',
      { from: { overlay: 'none' } },
      /no overlay for none.*There are: staging/s,
    ],
  ])('say what to change for %s', async (_what, name, options, message) => {
    await expect(read(name, options)).rejects.toThrow(
      expect.objectContaining({
        name: 'ManifestProblem',
        message: expect.stringMatching(message),
      }),
    );
  });
});
