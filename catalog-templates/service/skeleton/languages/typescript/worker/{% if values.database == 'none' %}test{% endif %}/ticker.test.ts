import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ticker } from '../src/jobs/ticker.ts';

describe('the ticker', () => {
  it('makes a job every second time it is asked, so that the worker rests in between', async () => {
    const ticker = new Ticker();
    const asked = [await ticker.claim(), await ticker.claim(), await ticker.claim()];
    assert.deepEqual(
      asked.map((job) => job?.attempt),
      [1, undefined, 1],
    );
  });

  it('waits longer after each failure, and no longer after a success', async () => {
    let now = 0;
    const ticker = new Ticker(() => now);
    const claimed = async () => (await ticker.claim()) ?? (await ticker.claim());

    assert.ok(await claimed());
    await ticker.failed();
    assert.equal(await claimed(), undefined);
    now += 1000;
    assert.equal((await claimed())?.attempt, 2);
    await ticker.failed();
    now += 999;
    assert.equal(await claimed(), undefined);
    now += 1001;
    assert.equal((await claimed())?.attempt, 3);
    await ticker.succeeded();
    assert.equal((await claimed())?.attempt, 1);
  });
});
