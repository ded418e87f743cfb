import { Attention, compareAttention, needsOf, urgencyOf } from './attention';
import { Rotation } from './rotation';

const now = Date.parse('2027-01-10T00:00:00.000Z');
const rotation = (more: Partial<Rotation>): Rotation => ({
  ...{ environment: 'staging', key: 'TOKEN', everyDays: 30 },
  ...{ timeZone: 'UTC', generator: 'random', settings: {}, overlapHours: 24 },
  ...{ dueAt: '2027-02-01T00:00:00.000Z', overdue: false, ...more },
});
const needs = (more: Partial<Parameters<typeof needsOf>[0]>) =>
  needsOf(
    { secret: undefined, rotation: undefined, missing: undefined, ...more },
    now,
  );

describe('what a key needs somebody for', () => {
  it('is nothing where it is there, and replaced in time', () => {
    expect(needs({ secret: { sync: 'synced' } })).toEqual([]);
    expect(needs({ rotation: rotation({}) })).toEqual([]);
    expect(urgencyOf([])).toBeGreaterThan(urgencyOf(['due']));
  });

  it.each([
    [{ overdue: true, problem: 'No.' }, ['overdue']],
    [{ problem: 'No.' }, ['failing']],
    [{ dueAt: '2027-01-10T23:00:00.000Z' }, ['due']],
    [{ dueAt: '2027-01-11T01:00:00.000Z' }, []],
    // Nobody misses it until it is put back.
    [{ dueAt: '2027-01-09T00:00:00.000Z', waiting: true }, []],
  ])('is said of a rotation like %j as %j', (more, expected) => {
    expect(needs({ rotation: rotation(more) })).toEqual(expected);
  });

  it('is all of it, most urgent first', () => {
    expect(
      needs({
        secret: { sync: 'behind' },
        rotation: rotation({ overdue: true }),
        missing: {
          ...{ environment: 'staging', key: 'TOKEN', objects: [] },
          ...{ version: '1', deployedTo: 'staging' },
        },
      }),
    ).toEqual(['missing', 'overdue', 'behind']);
  });

  it('is less urgent where what needs it runs elsewhere only', () => {
    const missing = {
      ...{ environment: 'production', key: 'TOKEN', objects: [] },
      ...{ version: '1', deployedTo: 'staging' },
    };
    expect(needs({ missing })).toEqual(['missing-next']);
    expect(urgencyOf(['missing-next'])).toBeGreaterThan(urgencyOf(['missing']));
  });
});

describe('what needs somebody across services', () => {
  const of = (more: Partial<Attention>): Attention => ({
    ...{ service: 'component:default/cart', environment: 'staging' },
    ...{ production: false, kind: 'overdue', message: '', ...more },
  });

  it('is ordered by how urgent it is, then production, then when it was due, then names', () => {
    const ordered = [
      of({ kind: 'missing' }),
      of({ production: true, dueAt: '2027-01-09' }),
      of({ dueAt: '2027-01-01' }),
      of({ dueAt: '2027-01-02' }),
      of({ kind: 'behind', service: 'component:default/a' }),
      of({ kind: 'behind', service: 'component:default/b' }),
      of({ kind: 'failing' }),
      of({ kind: 'due', production: true }),
      of({ kind: 'due' }),
    ];
    const mixed = [4, 8, 0, 6, 2, 7, 5, 3, 1].map(at => ordered[at]);
    expect(mixed.sort(compareAttention)).toEqual(ordered);
  });
});
