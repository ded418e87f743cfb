import { pauseEnd } from './pauseEnd';

const startTime = '2026-01-01T12:00:00Z';
const rollout = (
  pause: object,
  options: { paused?: boolean; reasons?: string[] } = {},
) => ({
  spec: {
    paused: options.paused,
    strategy: { canary: { steps: [{ setWeight: 20 }, { pause }] } },
  },
  status: {
    currentStepIndex: 1,
    pauseConditions: (options.reasons ?? ['CanaryPauseStep']).map(reason => ({
      ...{ reason, startTime },
    })),
  },
});

describe('the end of a pause', () => {
  it.each([
    [30, '12:00:30'],
    ['30', '12:00:30'],
    ['10m', '12:10:00'],
    ['1h30m', '13:30:00'],
  ])('of %s is that much after its beginning', (duration, time) => {
    expect(pauseEnd(rollout({ duration }))).toBe(`2026-01-01T${time}.000Z`);
  });

  it('is none where somebody has to go on with it', () => {
    const duration = '10m';
    expect(pauseEnd(rollout({}))).toBeUndefined();
    expect(pauseEnd(rollout({ duration }, { paused: true }))).toBeUndefined();
    expect(
      pauseEnd(
        rollout(
          { duration },
          { reasons: ['CanaryPauseStep', 'InconclusiveAnalysisRun'] },
        ),
      ),
    ).toBeUndefined();
    expect(pauseEnd(rollout({ duration }, { reasons: [] }))).toBeUndefined();
  });

  it('of blue-green is when it promotes itself', () => {
    const of = (blueGreen: object) =>
      pauseEnd({
        spec: { strategy: { blueGreen } },
        status: { pauseConditions: [{ reason: 'BlueGreenPause', startTime }] },
      });
    expect(of({ autoPromotionSeconds: 60 })).toBe('2026-01-01T12:01:00.000Z');
    expect(of({})).toBeUndefined();
    expect(of({ autoPromotionSeconds: 0 })).toBeUndefined();
  });
});
