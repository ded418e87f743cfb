import { firstWithTraffic, judgedSteps } from './judgedSteps';

const judged = (steps: object[], window = 60, whole = 100) =>
  judgedSteps(steps as Array<Record<string, unknown>>, {
    ...{ window, whole },
    judge: after => ({ judge: after }),
  });

describe('the steps of a canary that is judged', () => {
  it('have a judgement before each that gives more traffic, and before all of it', () => {
    expect(
      judged([{ setWeight: 10 }, { setWeight: 20 }, { setWeight: 50 }]),
    ).toEqual([
      { setWeight: 10 },
      { judge: 60 },
      { setWeight: 20 },
      { judge: 60 },
      { setWeight: 50 },
      { judge: 60 },
    ]);
  });

  it('last no longer than before where their pauses are as long as conditions look back', () => {
    const pauses = [
      { pause: { duration: '45s' } },
      { pause: { duration: 15 } },
      { pause: { duration: '1h' } },
      { pause: {} },
    ];
    for (const [at, after] of [15, 45, 0, 0].entries()) {
      expect(judged([{ setWeight: 10 }, pauses[at]])).toEqual([
        ...[{ setWeight: 10 }, pauses[at], { judge: after }],
      ]);
    }
    expect(judged([{ setWeight: 10 }, pauses[0], pauses[1]]).at(-1)).toEqual({
      judge: 0,
    });
    // What was waited for at a weight is not known of another.
    expect(
      judged([{ setWeight: 10 }, pauses[2], { setWeight: 20 }]).at(-1),
    ).toEqual({ judge: 60 });
  });

  it('are as they were where no traffic is added to what there is', () => {
    for (const steps of [
      [],
      [{ pause: {} }],
      [{ setCanaryScale: { replicas: 1 } }, { setWeight: 0 }],
      [{ setWeight: 100 }, { pause: { duration: '1m' } }],
    ]) {
      expect(judged(steps)).toEqual(steps);
    }
    expect(judged([{ setWeight: 50 }, { setWeight: 10 }])).toEqual([
      ...[{ setWeight: 50 }, { setWeight: 10 }, { judge: 60 }],
    ]);
    expect(judged([{ setWeight: 100 }], 60, 1_000)).toHaveLength(2);
  });

  it('say from which on it has traffic', () => {
    const steps = [{ setWeight: 0 }, { pause: {} }, { setWeight: 5 }];
    expect(firstWithTraffic(steps)).toBe(3);
    expect(firstWithTraffic([{ pause: {} }])).toBeUndefined();
  });
});
