import { unlessLocked } from './unlessLocked';

const busy = () =>
  Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });

describe('a locked file', () => {
  it('is asked again until it is free', async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries < 3) throw busy();
      return 'written';
    };
    expect(await unlessLocked(work, 10_000)).toBe('written');
    expect(tries).toBe(3);
  });

  it('is given up when the time is up, with what it said', async () => {
    await expect(
      unlessLocked(() => Promise.reject(busy()), 120),
    ).rejects.toThrow('database is locked');
  });

  it('is not what other failures are taken for', async () => {
    const work = jest.fn(() => Promise.reject(new Error('no such table')));
    await expect(unlessLocked(work, 10_000)).rejects.toThrow('no such table');
    expect(work).toHaveBeenCalledTimes(1);
  });
});
