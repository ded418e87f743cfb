import { holds } from './holds';

describe('what an object holds', () => {
  it.each([
    [
      { a: 1, b: { c: [1] }, more: true },
      { a: 1, b: { c: [1] } },
    ],
    [{ cpu: '100m' }, { cpu: 0.1 }],
    [{ cpu: '1' }, { cpu: 1 }],
    [{ memory: '512Mi' }, { memory: '0.5Gi' }],
    [{}, { args: [], value: '', labels: {}, gone: null }],
  ])('%j is as %j is wanted', (there, wanted) => {
    expect(holds(there, wanted)).toBe(true);
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: '1' }, { a: '2' }],
    [{ a: [1, 2] }, { a: [1] }],
    [{ a: ['x'] }, { a: [] }],
    [{ a: 'x' }, { a: '' }],
    [{ a: {} }, { a: { b: 1 } }],
    [{}, { a: false }],
    [{ cpu: '100m' }, { cpu: 1 }],
  ])('%j is not as %j is wanted', (there, wanted) => {
    expect(holds(there, wanted)).toBe(false);
  });
});
