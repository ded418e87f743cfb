import {
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import request from 'supertest';
import localRepositories from '.';

describe('the repositories of this machine', () => {
  const mock = createMockDirectory();
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    mock.setContent({
      repositories: {},
      workspace: { 'README.md': '# Cart\n', docs: { 'index.md': 'hello' } },
    });
    await new LocalRepositories(mock.resolve('repositories')).publish({
      id: { owner: 'payments-team', name: 'cart' },
      folder: mock.resolve('workspace'),
      branch: 'main',
      message: 'Create the service',
      author: { name: 'Highroad', email: 'highroad@example.com' },
    });
    backend = await startTestBackend({
      features: [
        localRepositories,
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: 'http://localhost:3000' },
            platform: {
              localRepositories: { directory: mock.resolve('repositories') },
            },
          },
        }),
      ],
    });
  });
  afterAll(() => backend.stop());

  const get = (path: string) =>
    request(backend.server).get(`/api/local-repositories${path}`);

  it('lists them with their last commit', async () => {
    const { body, status } = await get('/repositories');
    expect(status).toBe(200);
    expect(body.items).toEqual([
      expect.objectContaining({
        owner: 'payments-team',
        name: 'cart',
        defaultBranch: 'main',
        lastCommit: expect.objectContaining({ message: 'Create the service' }),
      }),
    ]);
  });

  it('shows folders, files and commits', async () => {
    const base = '/repositories/payments-team/cart';
    const tree = await get(`${base}/tree?ref=main&path=docs`);
    expect(tree.body.entries).toEqual([
      { path: 'docs/index.md', type: 'file', size: 5 },
    ]);
    const file = await get(`${base}/file?ref=main&path=README.md`);
    expect(file.body).toMatchObject({ text: '# Cart\n' });
    const commits = await get(`${base}/commits?ref=main`);
    expect(commits.body.items).toHaveLength(1);
  });

  it.each([
    ['/repositories/payments-team/nope', 404],
    ['/repositories/payments-team/cart/tree?ref=nope', 404],
    ['/repositories/payments-team/cart/file?path=nope', 404],
    ['/repositories/payments-team/cart/file?path=../../x', 400],
    ['/repositories/payments-team/cart/tree?ref=--output=/tmp/x', 400],
    ['/repositories/..%2F..%2Fetc/passwd', 400],
    ['/repositories/payments-team/cart/tree?ref=main&ref=other', 400],
  ])('refuses %s with %d', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it('shows nothing to those who are not signed in', async () => {
    for (const path of [
      '/repositories',
      '/repositories/payments-team/cart',
      '/repositories/payments-team/cart/file?path=README.md',
    ]) {
      const { status } = await get(path).set(
        'Authorization',
        mockCredentials.none.header(),
      );
      expect(status).toBe(401);
    }
  });
});
