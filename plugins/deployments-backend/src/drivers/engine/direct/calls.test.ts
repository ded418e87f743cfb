import { callsUntil } from './calls';

describe('calls to a cluster', () => {
  it('are not begun any more by who has lost the right to', async () => {
    const right = new AbortController();
    const call = callsUntil(right.signal);
    expect(await call(async () => 'done')).toBe('done');
    right.abort(new Error('It is another worker’s now.'));
    const begin = jest.fn(async () => 'done');
    await expect(call(begin)).rejects.toThrow('It is another worker’s now.');
    expect(begin).not.toHaveBeenCalled();
  });

  it('are waited for once they are begun, and told to begin nothing more', async () => {
    const right = new AbortController();
    const call = callsUntil(right.signal);
    const done = call(async signal => {
      right.abort();
      await Promise.resolve();
      return signal.aborted;
    });
    expect(await done).toBe(true);
  });
});
