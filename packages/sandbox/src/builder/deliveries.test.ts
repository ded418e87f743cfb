import { requestIn } from './deliveries';

const commit = 'a'.repeat(40);
const repository = { full_name: 'highroad/orders' };

describe('requestIn', () => {
  it('has the new head of a branch built', () => {
    expect(
      requestIn('push', {
        ref: 'refs/heads/fix/it',
        after: commit,
        repository,
      }),
    ).toEqual({
      repository: 'highroad/orders',
      commit,
      ref: { kind: 'branch', branch: 'fix/it' },
      cause: 'push',
    });
  });

  it.each(['opened', 'reopened', 'synchronized'])(
    'has the head of a pull request built that was %s',
    action => {
      expect(
        requestIn('pull_request', {
          action,
          number: 12,
          pull_request: { head: { sha: commit, ref: 'fix' } },
          repository,
        }),
      ).toMatchObject({
        commit,
        ref: { kind: 'pull-request', number: 12, branch: 'fix' },
      });
    },
  );

  it.each([
    [
      'a deleted branch',
      'push',
      { ref: 'refs/heads/x', after: '0'.repeat(40), repository },
    ],
    ['a tag', 'push', { ref: 'refs/tags/v1', after: commit, repository }],
    [
      'a closed pull request',
      'pull_request',
      {
        action: 'closed',
        number: 12,
        pull_request: { head: { sha: commit, ref: 'fix' } },
        repository,
      },
    ],
    ['another event', 'issues', {}],
  ])('has nothing built for %s', (_, event, body) => {
    expect(requestIn(event, body)).toBeUndefined();
  });

  it.each([
    ['no object', 'push', 'x'],
    [
      'a hash that is none',
      'push',
      { ref: 'refs/heads/x', after: '--upload-pack=x', repository },
    ],
    [
      'a repository outside',
      'push',
      {
        ref: 'refs/heads/x',
        after: commit,
        repository: { full_name: '../../etc' },
      },
    ],
  ])('refuses a delivery with %s', (_, event, body) => {
    expect(() => requestIn(event, body)).toThrow();
  });
});
