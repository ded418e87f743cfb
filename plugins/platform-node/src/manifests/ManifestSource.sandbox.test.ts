import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { describeWithSandbox, TestGitHost } from '@highroad/sandbox/testing';
import fs from 'fs-extra';
import { createServer } from 'node:http';
import { z } from 'zod';
import { serviceFiles } from './testing/service';
import { CommitCache } from './CommitCache';
import { ManifestSource } from './ManifestSource';
import { RepositoryLocator } from '../git';

const mock = createMockDirectory();
const committed = z.object({ commit: z.object({ sha: z.string() }) });

describeWithSandbox('a real Git host', ['git-host'], sandbox => {
  let host: TestGitHost;
  let count = 0;

  beforeAll(async () => {
    host = await sandbox.gitHost();
  });

  const push = async (repository: string, files: Record<string, string>) =>
    committed.parse(
      await host.request(
        'POST',
        `repos/${host.organization}/${repository}/contents`,
        {
          branch: 'main',
          message: 'Change',
          files: Object.entries(files).map(([path, text]) => ({
            operation: 'create',
            path,
            content: Buffer.from(text).toString('base64'),
          })),
        },
      ),
    ).commit.sha;

  const create = async (files: Record<string, string>) => {
    count += 1;
    const name = `cart-${count}`;
    await host.request('POST', `orgs/${host.organization}/repos`, {
      name,
      private: true,
      auto_init: true,
      default_branch: 'main',
    });
    return { name, commit: await push(name, files) };
  };

  const configFor = (change: object = {}, cache = 'cache') => {
    const url = new URL(host.address);
    return mockServices.rootConfig({
      data: {
        app: { baseUrl: 'http://localhost:3000' },
        integrations: {
          gitea: [
            {
              host: url.host,
              baseUrl: host.address,
              username: host.username,
              password: host.password,
              ...change,
            },
          ],
        },
        platform: { deployments: { cache: mock.resolve(cache) } },
      },
    });
  };
  const sourceFor = (change?: object, cache?: string) =>
    ManifestSource.fromConfig(configFor(change, cache));
  const place = (name: string) => ({
    repository: `${host.address}/${host.organization}/${name}`,
    environment: 'staging',
    tier: 'staging',
  });

  it('gives the manifests of exactly the commit, also when that is not the newest', async () => {
    const { name, commit } = await create(serviceFiles());
    await push(name, { 'later.txt': 'later' });
    const source = await sourceFor();
    const since = performance.now();
    const rendered = await source.render({ ...place(name), commit });
    const first = performance.now() - since;
    expect(rendered.objects.map(({ kind }) => kind)).toContain('Deployment');
    const again = performance.now();
    expect((await source.render({ ...place(name), commit })).sha256).toBe(
      rendered.sha256,
    );
    // eslint-disable-next-line no-console
    console.info(
      `rendered in ${first.toFixed(0)} ms, again in ${(
        performance.now() - again
      ).toFixed(0)} ms`,
    );
  });

  it('is asked once by many who want the same commit', async () => {
    const { name, commit } = await create(serviceFiles());
    const source = await sourceFor();
    const all = await Promise.all(
      [1, 2, 3].map(() => source.render({ ...place(name), commit })),
    );
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(1);
  });

  it('is not asked for a large file that nobody names, and one that is named is refused', async () => {
    const big = 'x'.repeat(3 * 1024 * 1024);
    const { name, commit } = await create(
      serviceFiles({
        'data/big.bin': big,
        'deploy/overlays/big/big.yaml': big,
        'deploy/overlays/big/kustomization.yaml': 'resources: [big.yaml]',
      }),
    );
    const source = await sourceFor();
    const options = { ...place(name), commit };
    await expect(source.render(options)).resolves.toBeDefined();
    await expect(
      source.render({ ...options, environment: 'big' }),
    ).rejects.toThrow(/big\.yaml is larger than/);
  });

  it('says that it has no such commit, no such repository, or refuses the token', async () => {
    const { name, commit } = await create(serviceFiles());
    const source = await sourceFor();
    await expect(
      source.render({ ...place(name), commit: 'c'.repeat(40) }),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      message: expect.stringMatching(/has no commit c+/),
    });
    await expect(
      source.render({ ...place('nothing'), commit }),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      message: expect.stringMatching(/has no repository .*\/nothing/),
    });
    const refused = await (
      await sourceFor({ password: 'wrong-secret' }, 'other')
    )
      .render({ ...place(name), commit })
      .catch(error => error);
    expect(refused).toMatchObject({ name: 'NotAllowedError' });
    expect(refused.message + refused.stack).not.toContain('wrong-secret');
  });

  it('does not fill the disk, and keeps what is being read', async () => {
    const { name, commit } = await create(serviceFiles());
    const locator = RepositoryLocator.fromConfig(configFor());
    const location = await locator.locate(place(name).repository);
    const folder = mock.resolve('small');
    const cache = new CommitCache(folder, 1);
    const first = await cache.open(location, commit);
    const second = await cache.open(
      location,
      await push(name, { 'second.txt': 'x' }),
    );
    expect(second).not.toBe(first);
    expect(await fs.pathExists(first)).toBe(true);
    for (const file of ['third.txt', 'fourth.txt'])
      await cache.open(location, await push(name, { [file]: 'x' }));
    expect(await fs.readdir(folder)).toHaveLength(2);
  });

  it('knows the commit of a version that it has a tag for', async () => {
    const { name, commit } = await create(serviceFiles());
    const at = `repos/${host.organization}/${name}/tags`;
    await host.request('POST', at, { tag_name: 'v1.2.3', target: commit });
    await host.request('POST', at, {
      tag_name: '2.0.0',
      target: commit,
      message: 'annotated',
    });
    const source = await sourceFor();
    const { repository } = place(name);
    const find = (version: string) =>
      source.findCommit({ repository, version });
    expect(await find('1.2.3')).toBe(commit);
    expect(await find('2.0.0')).toBe(commit);
    expect(await find('3.0.0')).toBeUndefined();
    expect(await find('--upload-pack=id')).toBeUndefined();
    await expect(
      source.findCommit({
        repository: place('nothing').repository,
        version: '1',
      }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('is not read from where it is not connected', async () => {
    const source = await sourceFor();
    for (const repository of [
      'https://evil.example.com/acme/cart',
      'file:///etc',
      'ext::sh -c id',
      '--upload-pack=id',
      `${host.address}/../..`,
    ]) {
      await expect(
        source.render({ ...place('x'), repository, commit: 'c'.repeat(40) }),
      ).rejects.toMatchObject({ name: 'InputError' });
    }
  });
});

describe('a Git host that is gone', () => {
  const sourceAt = (address: string) =>
    ManifestSource.fromConfig(
      mockServices.rootConfig({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          integrations: {
            gitea: [
              {
                host: address,
                baseUrl: `http://${address}`,
                username: 'bot',
                password: 'hunter2-secret',
              },
            ],
          },
          platform: { deployments: { cache: mock.resolve('gone') } },
        },
      }),
    );
  const wanted = (address: string) => ({
    repository: `http://${address}/acme/cart`,
    commit: 'd'.repeat(40),
    environment: 'staging',
    tier: 'staging',
  });

  it('is said to be', async () => {
    await expect(
      (await sourceAt('127.0.0.1:1')).render(wanted('127.0.0.1:1')),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(/127\.0\.0\.1:1 did not send commit d+/),
    });
  });

  it.each([
    [503, 'ServiceUnavailableError'],
    [401, 'NotAllowedError'],
    [404, 'NotFoundError'],
  ])('or answers %d is told apart', async (status, name) => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(status);
      response.end();
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const bound = server.address();
    const address = `127.0.0.1:${
      bound && typeof bound !== 'string' ? bound.port : 0
    }`;
    const error = await (await sourceAt(address))
      .render(wanted(address))
      .catch(e => e);
    await new Promise(done => server.close(done));
    expect(error).toMatchObject({ name });
    expect(seen[0]).toMatch(/^Basic /);
  });

  it('or sends elsewhere gets the credentials nowhere else', async () => {
    const seen: string[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(404).end();
    });
    await new Promise<void>(done => elsewhere.listen(0, '127.0.0.1', done));
    const other = elsewhere.address();
    const server = createServer((_, response) => {
      response
        .writeHead(302, {
          Location: `http://127.0.0.1:${
            other && typeof other !== 'string' ? other.port : 0
          }/acme/cart.git/info/refs?service=git-upload-pack`,
        })
        .end();
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const bound = server.address();
    const address = `127.0.0.1:${
      bound && typeof bound !== 'string' ? bound.port : 0
    }`;
    await expect(
      (await sourceAt(address)).render(wanted(address)),
    ).rejects.toThrow(/has moved|did not send/);
    expect(seen).toEqual([]);
    await new Promise(done => server.close(done));
    await new Promise(done => elsewhere.close(done));
  });
});
