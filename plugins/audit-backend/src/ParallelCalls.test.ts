import { ParallelCalls } from './ParallelCalls';

async function* endless() {
  for (let n = 0; ; n++) yield n;
}

describe('ParallelCalls', () => {
  it('refuses one caller more than is given, with a status that says so, and leaves others alone', async () => {
    const calls = new ParallelCalls('exports', 1);
    const end = calls.begin('ann');
    expect(() => calls.begin('ann')).toThrow(
      expect.objectContaining({
        statusCode: 429,
        message: expect.stringContaining('You have 1 exports going on'),
      }),
    );
    calls.begin('bob');
    end();
    end();
    expect(await calls.during('ann', async () => 'done')).toBe('done');
    await expect(
      calls.during('ann', () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    calls.begin('ann');
  });

  it('does not count a stream whose reader had gone before it began', () => {
    const calls = new ParallelCalls('exports', 1);
    calls.stream('ann', AbortSignal.abort(), endless());
    expect(calls.begin('ann')).toBeDefined();
  });

  it('counts a stream until its reader leaves, also before the first piece', async () => {
    const calls = new ParallelCalls('exports', 1);
    const gone = new AbortController();
    calls.stream('ann', gone.signal, endless());
    expect(() => calls.begin('ann')).toThrow('exports going on');
    gone.abort();
    const signal = new AbortController().signal;
    for await (const piece of calls.stream('ann', signal, endless())) {
      if (piece === 2) break;
    }
    calls.begin('ann');
  });
});
