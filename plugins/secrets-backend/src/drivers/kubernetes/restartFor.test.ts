import { restartFor } from './restartFor';

const at = '2026-11-30T12:00:10.123Z';
const written = new Date('2026-11-30T12:00:00Z');
const patched = new Date('2026-11-30T12:00:11Z');
const writtenLater = new Date('2026-11-30T12:05:00Z');
const again = '2026-11-30T12:05:01.000Z';

describe('for which time a workload is restarted', () => {
  it.each([
    ['that which is asked for', { since: written }, at],
    [
      'that which is asked for, where it was restarted for an earlier one',
      {
        ...{ since: written, restartedAt: '2026-11-29T12:00:00.000Z' },
        patchedAt: new Date('2026-11-29T12:00:00Z'),
      },
      at,
    ],
    [
      'the same once more, where the Secret was not written since',
      { since: written, restartedAt: at, patchedAt: patched },
      at,
    ],
    [
      'the same once more as a Rollout keeps it',
      {
        ...{ since: written, restartedAt: '2026-11-30T12:00:10Z' },
        patchedAt: patched,
      },
      '2026-11-30T12:00:10Z',
    ],
    [
      'another, where the Secret was written since',
      { since: writtenLater, restartedAt: at, patchedAt: patched },
      again,
    ],
    [
      'this other once more',
      {
        ...{ since: writtenLater, restartedAt: again },
        patchedAt: new Date('2026-11-30T12:05:00Z'),
      },
      again,
    ],
    [
      'another, where it cannot be seen whether it was written since',
      { since: written, restartedAt: at },
      '2026-11-30T12:00:01.000Z',
    ],
    [
      'the same once more, where it was noted for what the Secret holds, though both are of one second',
      {
        ...{ since: patched, revision: '7', restartedFor: '7' },
        ...{ restartedAt: at, patchedAt: patched },
      },
      at,
    ],
    [
      'the one before, where that was noted for what the Secret holds',
      {
        ...{ since: written, revision: '7', restartedFor: '7' },
        restartedAt: '2026-11-29T12:00:00.000Z',
      },
      '2026-11-29T12:00:00.000Z',
    ],
    [
      'another, where it was noted for what the Secret held before in the same second',
      {
        ...{ since: patched, revision: '8', restartedFor: '7' },
        ...{ restartedAt: at, patchedAt: patched },
      },
      '2026-11-30T12:00:12.000Z',
    ],
    [
      'yet another, where the Secret was written twice in that second',
      {
        ...{ since: patched, revision: '9', restartedFor: '8' },
        restartedAt: '2026-11-30T12:00:12.000Z',
        patchedAt: patched,
      },
      '2026-11-30T12:00:13.000Z',
    ],
    [
      'the same once more, where only somebody else wrote the Secret since',
      {
        ...{ since: written, revision: '8', restartedFor: '7' },
        ...{ restartedAt: at, patchedAt: patched },
      },
      at,
    ],
    [
      'that which is asked for, where nobody knows when the Secret was written',
      { restartedAt: at, patchedAt: patched },
      at,
    ],
    [
      'that which is asked for, where what is there is no time',
      { since: written, restartedAt: 'soon', patchedAt: patched },
      at,
    ],
  ])('is %s', (_, known, expected) => {
    expect(restartFor({ at, ...known })).toBe(expected);
  });
});
