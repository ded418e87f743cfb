import {
  parsePath,
  parseRef,
  parseRepositoryId,
  parseRepositoryUrl,
  repositoryPagePath,
} from './address';

const portal = 'http://localhost:3000';
const id = { owner: 'payments-team', name: 'payment-service' };

describe('addresses of repositories', () => {
  it('reads back the address it wrote, with names that need escaping', () => {
    const at = { ref: 'feature/x', path: 'docs/a b#c.md' };
    expect(
      parseRepositoryUrl(portal + repositoryPagePath(id, at), portal),
    ).toEqual({ ...id, ...at });
  });

  it('takes the page of a repository as its root at HEAD', () => {
    expect(parseRepositoryUrl(portal + repositoryPagePath(id), portal)).toEqual(
      { ...id, ref: 'HEAD', path: '' },
    );
  });

  it.each([
    'https://github.com/acme/x/blob/main/catalog-info.yaml',
    'http://localhost:3000/catalog',
    'http://localhost:30000/repositories/a/b',
    'http://localhost:3000/repositories/a/b/raw/main/x',
  ])('leaves %s to other readers', url => {
    expect(parseRepositoryUrl(url, portal)).toBeUndefined();
  });

  it.each(['..', '../x', 'a..b', '-x', 'X', 'a/b', '', 'a\0b', 'x'.repeat(64)])(
    'refuses the repository name %j',
    name => {
      expect(() => parseRepositoryId('team', name)).toThrow(/name .* valid/);
    },
  );

  it.each(['--upload-pack=x', 'a..b', 'HEAD^{/x}', 'x.lock', ''])(
    'refuses the ref %j',
    ref => {
      expect(() => parseRef(ref)).toThrow(/not a branch/);
    },
  );

  it.each(['../secret', 'a/../../b', 'x:y', 'a\0'])(
    'refuses the path %j',
    path => {
      expect(() => parsePath(path)).toThrow(/not a path/);
    },
  );
});
