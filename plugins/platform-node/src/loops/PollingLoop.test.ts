import { PollingLoop } from './PollingLoop';

/** Lets go on what waits for nothing but other promises. */
const settle = () => jest.advanceTimersByTimeAsync(0);

describe('a polling loop', () => {
  let turns: Array<{ done: () => void; failed: (error: Error) => void }>;
  const onError = jest.fn();
  const make = (pauseMs: number | (() => number) = 1_000) =>
    new PollingLoop({
      ...{ pauseMs, onError },
      turn: () =>
        new Promise<void>((done, failed) => {
          turns.push({ done, failed });
        }),
    });

  beforeEach(() => {
    jest.useFakeTimers();
    onError.mockReset();
    turns = [];
  });
  afterEach(() => jest.useRealTimers());

  it('makes the first turn at once, and the next a while after it has ended', async () => {
    const loop = make();
    loop.start();
    loop.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(turns).toHaveLength(1);
    turns[0].done();
    await jest.advanceTimersByTimeAsync(999);
    expect(turns).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(turns).toHaveLength(2);
  });

  it('asks after each turn how long to wait', async () => {
    const pauses = [10, 2_000];
    const loop = make(() => pauses.shift() ?? 0);
    loop.start();
    turns[0].done();
    await jest.advanceTimersByTimeAsync(10);
    turns[1].done();
    await jest.advanceTimersByTimeAsync(1_999);
    expect(turns).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(turns).toHaveLength(3);
  });

  it('makes a turn at once for whoever wakes it, also in the middle of another', async () => {
    const loop = make();
    loop.start();
    turns[0].done();
    await settle();
    loop.wake();
    await settle();
    expect(turns).toHaveLength(2);
    loop.wake();
    loop.wake();
    turns[1].done();
    await settle();
    expect(turns).toHaveLength(3);
    turns[2].done();
    await settle();
    expect(turns).toHaveLength(3);
  });

  it('tells of a turn that fails, and makes the next', async () => {
    const loop = make();
    loop.start();
    turns[0].failed(new Error('no'));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(onError.mock.calls).toEqual([[new Error('no')]]);
    expect(turns).toHaveLength(2);
  });

  it('stops after the turn that is made, and tells of nothing that comes of being stopped', async () => {
    const loop = make();
    loop.start();
    const stopped = jest.fn();
    const stopping = loop.stop().then(stopped);
    await settle();
    expect(stopped).not.toHaveBeenCalled();
    turns[0].failed(new Error('stopped'));
    await stopping;
    expect(onError).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(turns).toHaveLength(1);
  });

  it('stops at once where it waits', async () => {
    const loop = make();
    loop.start();
    turns[0].done();
    await settle();
    await loop.stop();
    expect(loop.signal.aborted).toBe(true);
  });
});
