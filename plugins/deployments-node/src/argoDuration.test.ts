import { argoDurationMs } from './argoDuration';

describe('a duration as Argo Rollouts reads it', () => {
  it.each([
    [90, 90_000],
    ['90', 90_000],
    ['45s', 45_000],
    ['1h30m', 5_400_000],
    ['1.5m', 90_000],
    ['250ms', 250],
  ])('is known in milliseconds: %s', (duration, ms) => {
    expect(argoDurationMs(duration)).toBe(ms);
  });

  it('is not known where there is none', () => {
    expect(argoDurationMs(undefined)).toBeUndefined();
    expect(argoDurationMs('soon')).toBeUndefined();
  });
});
