import { RepositoryLocation } from '@highroad/plugin-platform-node/git';
import { RepositoriesOnDisk } from './__testUtils__/RepositoriesOnDisk';
import { resolveCommit } from './resolveCommit';

describe('the commit that a revision stands for', () => {
  let repositories: RepositoriesOnDisk;
  let location: RepositoryLocation;
  let commit: string;
  const { signal } = new AbortController();

  beforeAll(async () => {
    repositories = await RepositoriesOnDisk.create();
    commit = await repositories.publish('cart', { 'README.md': 'Cart\n' });
    location = await repositories.locator.locate(
      repositories.addressOf('cart'),
    );
  });
  afterAll(() => repositories.remove());

  it('is the newest of a branch, the newest at all, or the one that is named', async () => {
    for (const revision of ['main', undefined, commit]) {
      expect(await resolveCommit(location, revision, signal)).toBe(commit);
    }
  });

  it.each([
    ['none', 'NotFoundError', /shop\/cart has no branch or tag none/],
    ['--upload-pack=x', 'InputError', /is no commit, branch or tag/],
    ['main:README.md', 'InputError', /is no commit, branch or tag/],
  ])('is not known for %s', async (revision, name, message) => {
    await expect(resolveCommit(location, revision, signal)).rejects.toThrow(
      expect.objectContaining({
        ...{ name, message: expect.stringMatching(message) },
      }),
    );
  });
});
