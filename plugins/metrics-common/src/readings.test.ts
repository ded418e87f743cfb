import { durationText, measureText, readingOf, spreadText } from './readings';
import { Measure } from './results';

const value = (number: number, n = 20): Measure => ({
  state: 'value',
  value: number,
  n,
  beside: [],
});

describe('readings', () => {
  it('says lengths of time in two units at most', () => {
    expect(durationText(90_061)).toBe('1 d 1 h');
    expect(durationText(3_600)).toBe('1 h');
    expect(durationText(0)).toBe('0 s');
  });

  it('says how far durations are spread, and nothing of what is none', () => {
    const spread = { ...value(3_600), p75: 7_200, p90: 90_000 };
    expect(spreadText(spread, 'seconds')).toBe('p75 2 h, p90 1 d 1 h');
    expect(spreadText(value(0.5), 'share')).toBe('');
    expect(spreadText({ state: 'no-data', why: '' }, 'seconds')).toBe('');
  });

  it('says better and worse by what is better for the key', () => {
    expect(readingOf('lead-time', value(3600), value(7200), 'elite')).toBe(
      'Half of the changes take less than 1 h to production (band: elite), better than 2 h in the period before.',
    );
    expect(readingOf('frequency', value(3), value(9), undefined)).toContain(
      'worse than 9',
    );
  });

  it('calls no difference of few cases certain, and no small one a change', () => {
    expect(
      readingOf('change-failure-rate', value(0.5, 2), value(0.1), 'low'),
    ).toContain('may be chance');
    expect(readingOf('rework', value(0.2), value(0.201), undefined)).toContain(
      'about as in the period before',
    );
  });

  it('says of a band that it is of few cases, but not where these are what is counted', () => {
    const before = value(3600);
    expect(readingOf('lead-time', value(3600, 1), before, 'elite')).toContain(
      '(band: elite, of 1 only)',
    );
    expect(readingOf('lead-time', value(3600, 5), before, 'elite')).toContain(
      '(band: elite)',
    );
    expect(readingOf('frequency', value(0.1, 1), value(0.1), 'low')).toContain(
      '(band: low)',
    );
  });

  it('never says a number where there is no data', () => {
    const none: Measure = { state: 'no-data', why: 'Nothing is connected.' };
    expect(measureText(none, 'share')).toBe('no data');
    expect(readingOf('rework', none, none, undefined)).toBe(
      'Nothing is connected.',
    );
  });
});
