import { Deployment } from '@highroad/plugin-deployments-common';
import { ago, deployment, idOf } from '../__testUtils__/deployments';
import { offersOf, putBackOf } from './offers';

/** The how-manieth, and so the older the higher. */
const one = (number: number, rest: Partial<Deployment>) =>
  deployment({
    id: idOf(number),
    requestedAt: ago(number * 3_600),
    manifestsDigest: `manifests of ${rest.version}`,
    ...rest,
  });

describe('what to go back to', () => {
  it('is the last good version before the one that runs', () => {
    const found = putBackOf([
      one(1, { version: '3' }),
      one(2, { version: '2', state: 'failed' }),
      one(3, { version: '1' }),
      one(4, { version: '0' }),
    ]);
    expect(found.undone?.version).toBe('3');
    expect(found.proposed?.version).toBe('1');
    expect(found.candidates.map(({ version }) => version)).toEqual(['1', '0']);
  });

  it('is what runs, while a newer one is on its way or was left half done', () => {
    for (const rest of [{ state: 'shifting' }, { state: 'failed' }] as const) {
      const found = putBackOf([
        one(1, { version: '3', ...rest }),
        one(2, { version: '2' }),
      ]);
      expect(found.undone?.version).toBe('3');
      expect(found.proposed?.version).toBe('2');
    }
  });

  it('is not touched by one that failed before anything was applied, or was undone', () => {
    for (const rest of [{ progress: undefined }, { undoneBy: idOf(9) }]) {
      const found = putBackOf([
        one(1, { version: '3', state: 'failed', ...rest }),
        one(2, { version: '2' }),
        one(3, { version: '1' }),
      ]);
      expect(found.undone?.version).toBe('2');
      expect(found.proposed?.version).toBe('1');
    }
  });

  it('is never what was rolled back, however often that is asked for', () => {
    const first = one(4, { version: '1' });
    const second = one(3, { version: '2' });
    const third = one(2, { version: '3' });
    const back = one(1, {
      ...{ kind: 'rollback', version: '2', manifestsOf: second.id },
    });
    expect(putBackOf([third, second, first]).proposed?.version).toBe('2');
    expect(putBackOf([back, third, second, first]).proposed?.version).toBe('1');
    const again = one(0, {
      ...{ kind: 'rollback', version: '1', manifestsOf: first.id },
    });
    const last = putBackOf([again, back, third, second, first]);
    expect(last.proposed).toBeUndefined();
    // They can be chosen all the same.
    expect(last.candidates.map(({ version }) => version)).toEqual(['2', '3']);
  });

  it('is something else than what runs, also where that was deployed twice', () => {
    const found = putBackOf([
      one(1, { version: '2' }),
      one(2, { version: '2', unchanged: true }),
      one(3, { version: '2' }),
      one(4, { version: '1' }),
    ]);
    expect(found.proposed?.version).toBe('1');
    expect(found.candidates).toHaveLength(1);
  });

  it('is not proposed while something is being put back', () => {
    const found = putBackOf([
      one(1, { version: '2', kind: 'rollback', state: 'applying' }),
      one(2, { version: '3' }),
      one(3, { version: '2' }),
    ]);
    expect(found.proposed).toBeUndefined();
    expect(found.candidates).toHaveLength(2);
  });

  it('is nothing under a first version, and the same twice is no way back', () => {
    expect(putBackOf([])).toEqual({ candidates: [] });
    const found = putBackOf([
      one(1, { version: '1' }),
      one(2, { version: '1' }),
    ]);
    expect(found.undone?.version).toBe('1');
    expect(found.proposed).toBeUndefined();
  });
});

describe('versions that are offered', () => {
  it('are those that run somewhere, then those that were tried lately', () => {
    const running = one(1, { version: '2' });
    const offers = offersOf(
      [
        { service: 's', environment: 'staging', running },
        { service: 's', environment: 'test', running },
      ],
      [
        running,
        one(2, { version: '3', state: 'failed' }),
        one(3, { version: '1' }),
      ],
      Date.now(),
    );
    expect([...offers]).toEqual([
      ['2', 'runs in staging and test'],
      ['3', 'failed in staging 2 hours ago'],
      ['1', 'ran in staging 3 hours ago'],
    ]);
  });
});
