import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

/**
 * The rows of a table by RFC 4180, by the names in its first line.
 *
 * @throws CliError where a quote is not closed or a row has another number of cells than the first
 */
export function csvRows(text: string): Array<Record<string, string>> {
  const [header, ...rows] = cellsOf(text);
  if (!header) throw wrong('The table is empty.');
  return rows.map((row, at) => {
    if (row.length !== header.length) {
      throw wrong(
        `Row ${at + 2} has ${row.length} cells, and the first row has ${
          header.length
        }.`,
      );
    }
    return Object.fromEntries(
      header.map((name, column) => [name.trim(), row[column].trim()]),
    );
  });
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const content = text.replace(/^\uFEFF/, '');
  for (let at = 0; at < content.length; at++) {
    const sign = content[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (content[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',') {
      row.push(cell);
      cell = '';
    } else if (sign === '\n') {
      rows.push([...row, cell.replace(/\r$/, '')]);
      row = [];
      cell = '';
    } else cell += sign;
  }
  if (quoted) throw wrong('A quote is not closed.');
  if (cell || row.length > 0) rows.push([...row, cell]);
  return rows.filter(cells => cells.length > 1 || cells[0] !== '');
}

function wrong(what: string): CliError {
  return new CliError(what, { exitCode: exitCodes.usage });
}
