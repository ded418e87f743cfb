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

  it('cuts the widest column to fit a terminal, and nothing for a pipe', () => {
    const rows = [['a-very-long-name-indeed', 'team']];
    const lines = table(['NAME', 'OWNER'], rows, 20).split('\n');
    expect(lines[1]).toBe('a-very-long-…  team');
    expect(table(['NAME', 'OWNER'], rows, Infinity)).toContain(
      'a-very-long-name-indeed',
    );
  });
});
