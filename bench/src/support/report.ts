import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One measured figure. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What it should be, in words, such as "≤ 300"; absent where there is no goal */
  goal?: string;
  /** How many measurements are behind it */
  n: number;
}

const RESULTS = resolve(__dirname, '../../results');

/** Prints figures as a table and keeps them in `bench/results/NAME.json`. */
export function report(bench: string, figures: Figure[]): void {
  const rows = figures.map(figure => [
    figure.name,
    format(figure.value),
    figure.unit,
    figure.goal ?? '',
    String(figure.n),
  ]);
  const header = ['figure', 'value', 'unit', 'goal', 'n'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column].length)),
  );
  for (const row of [header, ...rows]) {
    const cells = row.map((cell, column) =>
      column === 1
        ? cell.padStart(widths[column])
        : cell.padEnd(widths[column]),
    );
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${bench}.json`);
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  process.stdout.write(`\nwritten to bench/results/${bench}.json\n`);
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
