import { ago } from './words';

describe('how long ago something was', () => {
  const now = Date.parse('2026-11-25T12:00:00.000Z');

  it.each([
    ['2026-11-25T11:59:30.000Z', 'just now'],
    ['2026-11-25T11:50:00.000Z', '10 min ago'],
    ['2026-11-24T14:00:00.000Z', '22 h ago'],
    ['2026-11-20T12:00:00.000Z', '5 days ago'],
  ])('of %s it says %s', (time, told) => {
    expect(ago(time, now)).toBe(told);
  });
});
