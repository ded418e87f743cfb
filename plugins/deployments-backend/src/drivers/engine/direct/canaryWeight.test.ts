import { canaryWeight } from './canaryWeight';

const steps = [{ setWeight: 5 }, { pause: {} }, { setWeight: 50 }];
const canary = { steps, at: 1, routed: undefined, whole: false };

describe('the weight of a canary', () => {
  it('is that of its last step where its share is that of its pods', () => {
    expect(canaryWeight(canary)).toBe(5);
    expect(canaryWeight({ ...canary, at: 2 })).toBe(50);
    expect(canaryWeight({ ...canary, at: 3 })).toBe(100);
  });

  it('is what the router leads there, whatever the steps say', () => {
    expect(canaryWeight({ ...canary, routed: 0 })).toBe(0);
    expect(canaryWeight({ ...canary, routed: 5, at: 2 })).toBe(5);
  });

  it('is all of it when it has become what runs and is no canary any more', () => {
    expect(canaryWeight({ ...canary, at: 3, routed: 0, whole: true })).toBe(
      100,
    );
  });

  it('is not known of a rollout without steps or a router', () => {
    expect(canaryWeight({ ...canary, steps: [] })).toBeUndefined();
  });
});
