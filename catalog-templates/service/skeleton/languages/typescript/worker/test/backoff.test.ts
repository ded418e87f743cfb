import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoff } from '../src/runtime/backoff.ts';

const limits = { first: 100, most: 1000 };

describe('backoff', () => {
  it('doubles up to its limit', () => {
    const waits = [1, 2, 3, 4, 5, 1000].map((failures) => backoff(failures, limits, () => 1));
    assert.deepEqual(waits, [100, 200, 400, 800, 1000, 1000]);
  });

  it('leaves up to half of the wait to chance', () => {
    assert.equal(
      backoff(1, limits, () => 0),
      50,
    );
  });
});
