import { overlapWarnings } from './overlapWarnings';

const of = (overlapHours: number, overlaps = true, readThemselves = true) =>
  overlapWarnings({ rule: { overlapHours }, overlaps, readThemselves });

describe('a short overlap', () => {
  it('is warned about where programs may read Vault themselves, which nobody can ask', () => {
    expect(of(0)).toEqual([
      expect.stringMatching(
        /^overlapHours: .*ends as soon as those that can be asked have it.*1 hour or more/,
      ),
    ]);
    expect(of(0.5)).toEqual([expect.stringContaining('after 0.5 hours')]);
  });

  it('is as good as another where it is not short, nothing is ended, or all can be asked', () => {
    expect(of(1)).toEqual([]);
    expect(of(0, false)).toEqual([]);
    expect(of(0, true, false)).toEqual([]);
  });
});
