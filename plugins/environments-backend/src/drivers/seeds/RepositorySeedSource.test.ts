import { ConfigReader } from '@backstage/config';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { RepositoryLocator } from '@highroad/plugin-platform-node/git';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeedProblem } from '../../controller/SeedSource';
import { targetOf } from '../../controller/Target';
import { readResource } from '../../service/readResource';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { RepositorySeedSource } from './RepositorySeedSource';

jest.setTimeout(60_000);

const OWNER = 'group:default/shop';
const PORTAL = 'http://localhost:3000';

const repositories = new Map([
  ['cart', `${PORTAL}/repositories/shop/cart`],
  ['stock', 'https://git.test/shop/stock'],
]);

describe('seeds from repositories', () => {
  let folder: string;
  let commit: string;
  let source: RepositorySeedSource;
  const { signal } = new AbortController();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-seeds-'));
    const work = join(folder, 'work');
    await mkdir(join(work, 'fixtures'), { recursive: true });
    await writeFile(join(work, 'fixtures/demo-data.sql'), 'SELECT 1;\n');
    const local = new LocalRepositories(join(folder, 'repositories'));
    ({ commit } = await local.publish({
      id: { owner: 'shop', name: 'cart' },
      folder: work,
      branch: 'main',
      message: 'A seed',
      author: { name: 'a', email: 'a@example.com' },
    }));
    source = new RepositorySeedSource({
      locator: RepositoryLocator.fromConfig(
        new ConfigReader({
          app: { baseUrl: PORTAL },
          integrations: { gitea: [{ host: 'git.test' }] },
          platform: {
            localRepositories: { directory: join(folder, 'repositories') },
          },
        }),
      ),
      services: {
        repositoryOf: async (service, owner) =>
          owner === OWNER ? repositories.get(service) : undefined,
      },
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const find = (spec: object, path = 'fixtures/demo-data.sql') => {
    const resource = readResource({
      metadata: {
        ...{ name: 'demo', namespace: 'home', uid: 'u', resourceVersion: '1' },
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
      spec: {
        type: 'preview',
        services: [{ name: 'cart', image: 'cart:1' }],
        ...spec,
      },
    });
    if (!resource.spec) throw new Error(resource.problem);
    const settings = parsePreviewSettings({});
    return source.find(
      targetOf(resource, resource.spec, OWNER, settings),
      path,
      signal,
    );
  };

  it('come from the service’s own repository, at its newest commit', async () => {
    const seed = await find({});
    expect(seed).toMatchObject({ commit, size: 10 });
    const chunks: Buffer[] = [];
    for await (const chunk of seed.open(signal)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('SELECT 1;\n');
  });

  it.each([
    [
      'a file that is not there',
      {},
      'fixtures/none.sql',
      /has no file fixtures\/none.sql .* change the path/,
    ],
    ['a folder', {}, 'fixtures', /has no file/],
    [
      'a branch that is not there',
      { revision: 'none' },
      undefined,
      /has no branch or tag none/,
    ],
    [
      'a service that the catalog does not know',
      { services: [{ name: 'other', image: 'x:1' }] },
      undefined,
      /Add spec.repository/,
    ],
    [
      'a repository of somebody else',
      { repository: `${PORTAL}/repositories/bank/vault` },
      undefined,
      /not the repository of a service/,
    ],
    [
      'a repository of the same name at another host',
      {
        services: [{ name: 'stock', image: 'x:1' }],
        repository: 'https://github.com/shop/stock',
      },
      undefined,
      /not the repository of a service/,
    ],
  ])('say what to change for %s', async (_what, spec, path, message) => {
    const failure: unknown = await find(spec, path).catch(error => error);
    expect(failure).toBeInstanceOf(SeedProblem);
    expect(failure).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('are read at the branch or commit that is named', async () => {
    expect((await find({ revision: 'main' })).commit).toBe(commit);
    expect((await find({ revision: commit })).commit).toBe(commit);
  });
});
