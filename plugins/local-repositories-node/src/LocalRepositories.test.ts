import { createMockDirectory } from '@backstage/backend-test-utils';
import fs from 'fs-extra';
import { join } from 'node:path';
import { LocalRepositories } from './LocalRepositories';

const id = { owner: 'payments-team', name: 'payment-service' };
const author = { name: 'Highroad', email: 'highroad@example.com' };

describe('LocalRepositories', () => {
  const mock = createMockDirectory();
  const root = () => mock.resolve('repositories');
  const publish = (
    files: Record<string, string> = { 'README.md': '# hi\n' },
  ) => {
    mock.setContent({ workspace: files, repositories: {} });
    return new LocalRepositories(root()).publish({
      id,
      folder: mock.resolve('workspace'),
      branch: 'main',
      message: 'Create the service',
      author,
    });
  };

  it('publishes a folder whole, also what a .gitignore in it would leave out', async () => {
    const { commit } = await publish({
      'README.md': '# hi\n',
      '.gitignore': 'kept.txt\n',
      'kept.txt': 'kept',
      'docs/a.md': 'a',
    });
    const repositories = new LocalRepositories(root());

    expect(await repositories.resolve(id, 'main')).toBe(commit);
    expect(await repositories.tree(id, 'main', '')).toEqual([
      { path: 'docs', type: 'folder' },
      { path: '.gitignore', type: 'file', size: 9 },
      { path: 'kept.txt', type: 'file', size: 4 },
      { path: 'README.md', type: 'file', size: 5 },
    ]);
    expect((await repositories.read(id, 'main', 'docs/a.md')).toString()).toBe(
      'a',
    );
    expect(await repositories.list()).toEqual([
      expect.objectContaining({
        ...id,
        defaultBranch: 'main',
        lastCommit: expect.objectContaining({
          id: commit,
          message: 'Create the service',
          author: 'Highroad',
        }),
      }),
    ]);
  });

  it('leaves nothing behind when publishing fails half-way', async () => {
    await expect(publish({})).rejects.toThrow(/nothing to commit|failed/);
    expect(await fs.readdir(join(root(), '.building'))).toEqual([]);
    await expect(new LocalRepositories(root()).exists(id)).resolves.toBe(false);
    await expect(publish()).resolves.toBeDefined();
  });

  it('lets one of two creations of the same name win, and keeps its content', async () => {
    mock.setContent({ a: { f: 'a' }, b: { f: 'b' }, repositories: {} });
    const results = await Promise.allSettled(
      ['a', 'b'].map(folder =>
        new LocalRepositories(root()).publish({
          id,
          folder: mock.resolve(folder),
          branch: 'main',
          message: folder,
          author,
        }),
      ),
    );
    expect(results.map(r => r.status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
    const rejected = results.find(r => r.status === 'rejected');
    expect(rejected).toMatchObject({ reason: { name: 'ConflictError' } });
    const winner = results[0].status === 'fulfilled' ? 'a' : 'b';
    const file = await new LocalRepositories(root()).read(id, 'main', 'f');
    expect(file.toString()).toBe(winner);
  });

  it('says what is missing: repository, ref, file', async () => {
    await publish();
    const repositories = new LocalRepositories(root());
    await expect(
      repositories.get({ owner: 'x', name: 'y' }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(repositories.resolve(id, 'nope')).rejects.toThrow(/"nope"/);
    await expect(repositories.read(id, 'main', 'nope.md')).rejects.toThrow(
      /no file "nope.md"/,
    );
    await expect(repositories.tree(id, 'main', 'README.md')).rejects.toThrow(
      /no folder/,
    );
  });

  it('shows text, and only the size of what is not text', async () => {
    await publish({ 'a.txt': 'text', 'b.bin': 'x\0y' });
    const repositories = new LocalRepositories(root());
    expect(await repositories.show(id, 'main', 'a.txt')).toEqual({
      path: 'a.txt',
      size: 4,
      text: 'text',
    });
    expect(await repositories.show(id, 'main', 'b.bin')).toEqual({
      path: 'b.bin',
      size: 3,
    });
  });
});
