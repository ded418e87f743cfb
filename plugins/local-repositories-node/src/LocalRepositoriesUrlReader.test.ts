import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { LocalRepositories } from './LocalRepositories';
import { LocalRepositoriesUrlReader } from './LocalRepositoriesUrlReader';

const page = 'http://localhost:3000/repositories/payments-team/cart';

describe('reading a repository of this machine by the address of its page', () => {
  const mock = createMockDirectory();
  let commit: string;

  const reader = () =>
    UrlReaders.create({
      logger: mockServices.logger.mock(),
      config: mockServices.rootConfig({
        data: {
          app: { baseUrl: 'http://localhost:3000/' },
          platform: {
            localRepositories: { directory: mock.resolve('repositories') },
          },
        },
      }),
      factories: [LocalRepositoriesUrlReader.factory],
    });

  beforeAll(async () => {
    mock.setContent({
      repositories: {},
      workspace: {
        'catalog-info.yaml': 'kind: Component\n',
        docs: { 'index.md': 'hello', adr: { '1.md': 'one' } },
      },
    });
    ({ commit } = await new LocalRepositories(
      mock.resolve('repositories'),
    ).publish({
      id: { owner: 'payments-team', name: 'cart' },
      folder: mock.resolve('workspace'),
      branch: 'main',
      message: 'x',
      author: { name: 'a', email: 'a@example.com' },
    }));
  });

  it('reads a file, with the commit as its etag', async () => {
    const read = await reader().readUrl(`${page}/blob/main/catalog-info.yaml`);
    expect((await read.buffer()).toString()).toBe('kind: Component\n');
    expect(read.etag).toBe(commit);
  });

  it('reads a folder with all below it', async () => {
    const tree = await reader().readTree(`${page}/tree/main/docs`);
    const files = await tree.files();
    expect(files.map(file => file.path).sort()).toEqual([
      'adr/1.md',
      'index.md',
    ]);
  });

  it('says that nothing has changed since a commit', async () => {
    await expect(
      reader().readUrl(`${page}/blob/main/catalog-info.yaml`, { etag: commit }),
    ).rejects.toMatchObject({ name: 'NotModifiedError' });
  });

  it('finds one file, and none where there is none', async () => {
    const { files } = await reader().search(
      `${page}/blob/main/catalog-info.yaml`,
    );
    expect(files).toHaveLength(1);
    const none = await reader().search(`${page}/blob/main/nope.yaml`);
    expect(none.files).toEqual([]);
  });

  it('leaves other addresses to other readers', async () => {
    await expect(
      reader().readUrl('http://localhost:3000/catalog'),
    ).rejects.toThrow(/not allowed|Reading from/);
  });
});
