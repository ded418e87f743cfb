import { inOneLine } from './printable';

/**
 * Lays rows out in columns two spaces apart. When they are wider than the terminal, the widest column is cut. What would
 * move the cursor, or begin a line of its own, is left out of cells: others may have written what they say.
 *
 * @param width - columns of the terminal; Infinity for a pipe
 */
export function table(
  header: string[],
  rows: string[][],
  width: number,
): string {
  const all = [header, ...rows.map(row => row.map(inOneLine))];
  const widths = header.map((_, column) =>
    Math.max(...all.map(row => (row[column] ?? '').length)),
  );

  const gaps = 2 * (header.length - 1);
  let excess = widths.reduce((sum, w) => sum + w, 0) + gaps - width;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest] <= 8) break;
    widths[widest] -= 1;
    excess -= 1;
  }

  return all
    .map(row =>
      row
        .map((cell, column) => cut(cell ?? '', widths[column]))
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell.padEnd(widths[column]),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
