import { readPage } from './Terminal';

interface Row {
  name: string;
  value: number;
  unit: string;
  goal?: string;
  n: number;
}

/** A row of the page's tables: what, measured, goal, n, and in which file and row of `bench/results` it is. */
const LINE =
  /^\| (?<what>[^|]+) \| (?<number>[\d.]+)(?: (?<unit>[^|]+?))? \| (?<goal>[^|]*?) ?\| (?<n>\d+) \| `(?<file>[\w-]+)`: (?<name>[^|]+) \|$/;

describe('the page of what was measured', () => {
  it('says what the results say', async () => {
    const page = await readPage('docs/reference/measurements.md');
    const lines = page
      .split('\n')
      .filter(line => /^\| (?!What|---)/.test(line) && !/^\|-/.test(line));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      const told = LINE.exec(line)?.groups;
      if (!told) throw new Error(`It is not written as the others: ${line}`);
      const rows: Row[] = JSON.parse(
        await readPage(`bench/results/${told.file}.json`),
      );
      const row = rows.find(({ name }) => name === told.name);
      if (!row) throw new Error(`There is no such row: ${line}`);
      const digits = told.number.split('.')[1]?.length ?? 0;
      expect({
        ...{ what: told.what, number: told.number, unit: told.unit ?? '' },
        ...{ goal: told.goal, n: told.n },
      }).toEqual({
        ...{ what: told.what, number: row.value.toFixed(digits) },
        ...{ unit: row.unit, goal: row.goal ?? '', n: String(row.n) },
      });
    }
  });
});
