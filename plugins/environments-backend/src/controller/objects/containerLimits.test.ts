import { limitOf, withLimits } from './containerLimits';

describe('what a container may use', () => {
  it('is at least what it asks for, which a limit that it does not say would be less than', () => {
    expect(withLimits({ requests: { cpu: '250m', memory: '1Gi' } })).toEqual({
      requests: { cpu: '250m', memory: '1Gi' },
      limits: { memory: '1Gi' },
    });
    expect(
      withLimits({ requests: { cpu: 2 }, limits: { memory: '64Mi' } }),
    ).toEqual({ requests: { cpu: 2 }, limits: { memory: '64Mi', cpu: 2 } });
  });

  it('is left as it is where it says so itself, or asks for no more than all may have', () => {
    const said = {
      requests: { cpu: '2', memory: '64Mi' },
      limits: { cpu: '3' },
    };
    expect(withLimits(said)).toBe(said);
  });

  it('is counted as the cluster counts it', () => {
    expect(limitOf({ limits: { cpu: '250m' } }, 'cpu')).toBe(0.25);
    expect(limitOf({ requests: { memory: '1Gi' } }, 'memory')).toBe(2 ** 30);
    expect(limitOf({ requests: { cpu: '50m' } }, 'cpu')).toBe(0.5);
    expect(limitOf(undefined, 'memory')).toBe(512 * 2 ** 20);
  });
});
