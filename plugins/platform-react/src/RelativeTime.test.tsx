import { render, screen } from '@testing-library/react';
import { relative, RelativeTime } from './RelativeTime';

describe('relative', () => {
  it.each([
    [-5, 'just now'],
    [-60, '1 minute ago'],
    [-3 * 3600, '3 hours ago'],
    [-25 * 3600, 'yesterday'],
    [-40 * 24 * 3600, 'last month'],
    [2 * 24 * 3600, 'in 2 days'],
  ])('says %d seconds as "%s"', (seconds, words) => {
    expect(relative(seconds)).toBe(words);
  });
});

describe('RelativeTime', () => {
  it('keeps the exact time for machines and on hover', () => {
    const time = '2026-01-31T12:00:00.000Z';
    render(<RelativeTime time={time} />);
    const shown = screen.getByTitle(/2026/);
    expect(shown).toHaveAttribute('datetime', time);
  });
});
