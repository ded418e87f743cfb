import { ConfigReader } from '@backstage/config';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { RepositoryLocator } from '@highroad/plugin-platform-node/git';
import {
  CommitCache,
  ManifestSource,
} from '@highroad/plugin-platform-node/manifests';
import { serviceFiles } from '@highroad/plugin-platform-node/manifests/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { targetOf } from '../../controller/Target';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { readResource } from '../../service/readResource';
import { RepositoryManifests } from './RepositoryManifests';

jest.setTimeout(60_000);

const OWNER = 'group:default/shop';
const PORTAL = 'http://localhost:3000';
const CART = `${PORTAL}/repositories/shop/cart`;

describe('services’ own manifests', () => {
  let folder: string;
  let first: string;
  let newest: string;
  let manifests: RepositoryManifests;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-manifests-'));
    const local = new LocalRepositories(join(folder, 'repositories'));
    const write = async (files: Record<string, string>, work: string) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(work, path)), { recursive: true });
        await writeFile(join(work, path), text);
      }
    };
    const publish = async (name: string, files: Record<string, string>) => {
      const work = join(folder, `work-${name}`);
      await write(files, work);
      const { commit } = await local.publish({
        ...{ id: { owner: 'shop', name }, folder: work, branch: 'main' },
        message: 'Manifests',
        author: { name: 'a', email: 'a@example.com' },
      });
      return commit;
    };
    newest = await publish('cart', serviceFiles());
    first = await publish(
      'stock',
      serviceFiles({
        'deploy/overlays/preview/kustomization.yaml':
          'resources: [../../base]\nnamePrefix: own-\n',
      }),
    );
    const locator = RepositoryLocator.fromConfig(
      new ConfigReader({
        app: { baseUrl: PORTAL },
        platform: {
          localRepositories: { directory: join(folder, 'repositories') },
        },
      }),
    );
    manifests = new RepositoryManifests({
      locator,
      services: {
        repositoryOf: async (name, owner) =>
          owner === OWNER && name !== 'unknown'
            ? `${PORTAL}/repositories/shop/${name}`
            : undefined,
      },
      source: new ManifestSource({
        ...{ locator, cache: new CommitCache(join(folder, 'cache')) },
      }),
      overlay: 'staging',
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = (
    name: string,
    options: {
      from?: object;
      spec?: object;
      commit?: string;
      owner?: string;
    } = {},
  ) => {
    const resource = readResource({
      metadata: {
        ...{ name: 'demo', namespace: 'home', uid: 'u', resourceVersion: '1' },
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
      spec: {
        type: 'preview',
        services: [{ name, from: { service: name, ...options.from } }],
        ...options.spec,
      },
    });
    if (!resource.spec) throw new Error(resource.problem);
    const target = targetOf(
      resource,
      resource.spec,
      options.owner ?? OWNER,
      parsePreviewSettings({}),
    );
    const [service] = resource.spec.services;
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
    const spec = { repository: CART, pullRequest };
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
