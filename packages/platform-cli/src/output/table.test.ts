import { table } from './table';

describe('table', () => {
  it('aligns columns and leaves no space at the ends of lines', () => {
    expect(
      table(
        ['NAME', 'OWNER'],
        [
          ['payment-service', 'payments-team'],
          ['cart', ''],
        ],
        80,
      ),
    ).toBe('NAME             OWNER\npayment-service  payments-team\ncart');
  });

  it('lets no cell begin a line of its own, or move the cursor', () => {
    const cell = 'x\r\n9999  priya\u001b]0;title\u0007\u2028y';
    expect(table(['A', 'B'], [[cell, 'b']], Infinity).split('\n')).toEqual([
      'A                         B',
      'x 9999  priya ]0;title y  b',
    ]);
  });

  it('cuts the widest column to fit a terminal, and nothing for a pipe', () => {
    const rows = [['a-very-long-name-indeed', 'team']];
    const lines = table(['NAME', 'OWNER'], rows, 20).split('\n');
    expect(lines[1]).toBe('a-very-long-…  team');
    expect(table(['NAME', 'OWNER'], rows, Infinity)).toContain(
      'a-very-long-name-indeed',
    );
  });
});
